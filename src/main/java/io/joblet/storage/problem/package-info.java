/**
 * What can go wrong with a call, in terms that every edge can map: see {@link
 * io.joblet.storage.problem.Problem}.
 */
package io.joblet.storage.problem;
