/**
 * What was asked and what was done: transactions with the database's errors in our terms, the
 * record of host operations, answers kept by request id, and the work on the host itself, which
 * runs on threads of its own.
 */
package io.joblet.storage.journal;
