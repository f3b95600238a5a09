/**
 * The packaged daemon under faults: killed, cut off, doubled, given another database. Nothing here
 * uses the product's code for looking: what it left behind is read by other means.
 */
package io.joblet.storage.faults;
