package io.joblet.storage.owner;

/** Most that an owner may have; null: no limit, else 0 or more. */
public record OwnerLimits(Long volumes, Long volumeBytes, Long memoryBytes, Long jobs) {
  public OwnerLimits {
    check("volumes", volumes);
    check("volume_bytes", volumeBytes);
    check("memory_bytes", memoryBytes);
    check("jobs", jobs);
  }

  private static void check(String name, Long limit) {
    if (limit != null && limit < 0) {
      throw new IllegalArgumentException(name + " must not be negative");
    }
  }
}
