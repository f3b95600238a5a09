package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.size;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.VolumeGrowth;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How volumes grow. */
public final class GrowthReport {
  private GrowthReport() {}

  /** For {@code rnx report growth}; all views take the time, this one has no ages. */
  public static View<VolumeGrowth> view(Instant now) {
    return new View<>(
        GrowthReport::document,
        List.of(
            new Column<>("NAME", VolumeGrowth::getName),
            new Column<>("OWNER", VolumeGrowth::getOwner),
            new Column<>("SIZE", v -> size(v.getSizeBytes())),
            new Column<>("USED", v -> size(v.getUsedBytes())),
            new Column<>("PER DAY", v -> signed(v.getBytesPerDay())),
            new Column<>("FULL IN", GrowthReport::fullIn)),
        "no volume has been watched for two full hours yet");
  }

  private static String signed(long bytes) {
    return bytes < 0 ? "-" + size(-bytes) : size(bytes);
  }

  private static String fullIn(VolumeGrowth volume) {
    return volume.hasSecondsUntilFull()
        ? Shown.span(Duration.ofSeconds(volume.getSecondsUntilFull()))
        : "";
  }

  private static Map<String, Object> document(VolumeGrowth volume) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("volume_id", volume.getVolumeId());
    document.put("name", volume.getName());
    document.put("owner", volume.getOwner());
    document.put("size_bytes", volume.getSizeBytes());
    document.put("used_bytes", volume.getUsedBytes());
    document.put("bytes_per_day", volume.getBytesPerDay());
    document.put("points", volume.getPoints());
    document.put(
        "seconds_until_full",
        volume.hasSecondsUntilFull() ? (Object) volume.getSecondsUntilFull() : null);
    return document;
  }
}
