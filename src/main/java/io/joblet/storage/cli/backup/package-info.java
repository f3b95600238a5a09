/** Copies of the embedded database, made and put back while the daemon is stopped. */
package io.joblet.storage.cli.backup;
