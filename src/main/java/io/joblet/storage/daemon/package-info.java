/** What a start of the daemon does around Quarkus: the database before it, the socket beside it. */
package io.joblet.storage.daemon;
