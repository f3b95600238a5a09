package io.joblet.storage.volume;

import io.joblet.storage.access.Owners;
import java.util.Optional;
import java.util.UUID;

/**
 * Which volumes to list.
 *
 * @param owners whose
 * @param labels all of which a volume must carry
 * @param deleted also those in the trash
 * @param shared also what others share with that owner
 * @param after only ids greater than this one
 */
public record VolumeFilter(
    Owners owners,
    Labels labels,
    Optional<VolumeType> type,
    boolean deleted,
    boolean shared,
    Optional<UUID> after) {}
