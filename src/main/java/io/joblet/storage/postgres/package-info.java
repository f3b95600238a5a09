/**
 * The PostgreSQL inside: {@link io.joblet.storage.postgres.EmbeddedPostgres} unpacks, initialises,
 * starts, watches and stops a server of the daemon's own, reachable on 127.0.0.1 by password only
 * and run by a uid that owns nothing else.
 */
package io.joblet.storage.postgres;
