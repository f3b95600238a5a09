package io.joblet.storage.volume;

import java.time.Duration;
import java.util.Optional;

/**
 * What a caller asks for.
 *
 * @param inodeLimit 0: none of its own
 * @param mode permission bits of the top directory, within 0777
 * @param idleTimeout memory volumes: empty takes the configured one, zero means never
 */
public record NewVolume(
    VolumeName name,
    VolumeType type,
    long sizeBytes,
    Labels labels,
    long inodeLimit,
    long uid,
    long gid,
    int mode,
    boolean isProtected,
    Optional<Duration> idleTimeout) {}
