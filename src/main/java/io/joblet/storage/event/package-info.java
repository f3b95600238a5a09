/**
 * What happened to volumes, for those who want to be told. Triggers write events in the transaction
 * of each change (db/migration/V5__events.sql); here they get their order, are read from any
 * position on, and waited for.
 */
package io.joblet.storage.event;
