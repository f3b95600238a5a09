package io.joblet.storage.owner;

/** What an owner may have, and has now. */
public record OwnerAccount(String owner, OwnerLimits limits, Use used) {

  /** Counts, and bytes. The trash does not count; scratch space of live jobs is memory. */
  public record Use(long volumes, long volumeBytes, long memoryBytes, long jobs) {}
}
