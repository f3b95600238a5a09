package io.joblet.storage.console;

import io.joblet.storage.v1.Volume;

/**
 * A volume in the list.
 *
 * @param counted whether what it uses is known, which {@code bar} shows then
 */
public record VolumeLine(
    String id,
    String name,
    String owner,
    String type,
    String size,
    String status,
    boolean shared,
    boolean counted,
    Bar bar) {

  static VolumeLine of(Volume volume) {
    return new VolumeLine(
        volume.getId(),
        volume.getName(),
        volume.getOwner(),
        volume.getType().name().toLowerCase(java.util.Locale.ROOT),
        Text.size(volume.getSizeBytes()),
        volume.getStatus().replace('_', ' '),
        volume.getShared(),
        volume.hasUsedBytes(),
        Bar.of("Used of " + volume.getName(), volume.getUsedBytes(), volume.getSizeBytes()));
  }
}
