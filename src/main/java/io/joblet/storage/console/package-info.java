/**
 * Pages for people, below {@code /console}: the methods of the services, called as whoever has
 * logged in, shown as HTML by Qute. Every page works without script (docs/decisions/0022).
 */
package io.joblet.storage.console;
