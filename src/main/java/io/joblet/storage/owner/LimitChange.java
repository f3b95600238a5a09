package io.joblet.storage.owner;

/** New limits, and which of them are meant. */
public record LimitChange(
    OwnerLimits limits, boolean volumes, boolean volumeBytes, boolean memoryBytes, boolean jobs) {}
