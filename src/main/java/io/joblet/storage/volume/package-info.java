/**
 * Volumes: what they are, the states they go through, and one use case per class. A use case writes
 * the intent, works on the host, and writes the outcome; it never holds a transaction in between.
 */
package io.joblet.storage.volume;
