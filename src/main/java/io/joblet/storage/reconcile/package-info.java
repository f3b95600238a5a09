/**
 * Rows and host agree again: at every start before anybody is served, in the background afterwards,
 * and when an operator asks. All of it goes through the use cases' own code.
 */
package io.joblet.storage.reconcile;
