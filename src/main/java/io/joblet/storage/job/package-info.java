/**
 * Jobs as consumers of volumes: attaching, detaching, all of a job's volumes at once, and when a
 * job counts as gone.
 */
package io.joblet.storage.job;
