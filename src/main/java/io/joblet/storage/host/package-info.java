/**
 * Changes to the host as data: {@link io.joblet.storage.host.HostOperation} records in a {@link
 * io.joblet.storage.host.HostPlan}, applied by a {@link io.joblet.storage.host.HostTransaction}
 * through the port {@link io.joblet.storage.host.Host}.
 *
 * <p>This package knows the JDK only. The one implementation for a real kernel lives in {@code
 * host.linux}; tests bring one in memory.
 */
package io.joblet.storage.host;
