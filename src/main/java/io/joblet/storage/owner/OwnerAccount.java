package io.joblet.storage.owner;

/**
 * What an owner may have, and has now.
 *
 * @param version of the limits; 0 for an owner without any
 */
public record OwnerAccount(String owner, OwnerLimits limits, Use used, long version) {

  /** Counts, and bytes. The trash does not count; scratch space of live jobs is memory. */
  public record Use(long volumes, long volumeBytes, long memoryBytes, long jobs) {}
}
