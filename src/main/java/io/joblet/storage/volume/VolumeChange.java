package io.joblet.storage.volume;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What to change; what is empty stays.
 *
 * @param idleTimeout zero means never
 * @param ifVersion only if the row has this version
 */
public record VolumeChange(
    Optional<Labels> labels,
    Optional<Boolean> isProtected,
    OptionalLong sizeBytes,
    Optional<Duration> idleTimeout,
    OptionalLong ifVersion) {}
