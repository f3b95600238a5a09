/**
 * Who uses how much: {@link io.joblet.storage.usage.UsageSampler} reads the use of all volumes from
 * quota and statfs, without ever walking a tree, and keeps it in tables partitioned by time; hours
 * and days are made of samples, and what is too old is dropped by whole partitions. People read the
 * views of the schema {@code report}.
 */
package io.joblet.storage.usage;
