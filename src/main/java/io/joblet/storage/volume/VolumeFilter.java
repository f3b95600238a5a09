package io.joblet.storage.volume;

import java.util.Optional;
import java.util.UUID;

/**
 * Which volumes to list.
 *
 * @param labels all of which a volume must carry
 * @param deleted also those in the trash
 * @param after only ids greater than this one
 */
public record VolumeFilter(
    Labels labels, Optional<VolumeType> type, boolean deleted, Optional<UUID> after) {}
