package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.age;
import static io.joblet.storage.cli.output.Shown.instant;
import static io.joblet.storage.cli.output.Shown.size;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.VolumeUsage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What volumes use. */
public final class UsageReport {
  private UsageReport() {}

  /** For {@code rnx report usage}; ages are relative to {@code now}. */
  public static View<VolumeUsage> view(Instant now) {
    return new View<>(
        UsageReport::document,
        List.of(
            new Column<>("NAME", VolumeUsage::getName),
            new Column<>("OWNER", VolumeUsage::getOwner),
            new Column<>("BACKEND", VolumeUsage::getProvider),
            new Column<>("STATE", v -> v.getAttached() ? "in_use" : v.getState()),
            new Column<>("SIZE", v -> size(v.getSizeBytes())),
            new Column<>("USED", v -> v.hasUsedBytes() ? size(v.getUsedBytes()) : ""),
            new Column<>("USED %", UsageReport::percent),
            new Column<>("INODES", v -> v.hasUsedInodes() ? Long.toString(v.getUsedInodes()) : ""),
            new Column<>(
                "AS OF", v -> v.hasSampledAt() ? age(instant(v.getSampledAt()), now) : "")),
        "no volumes");
  }

  private static String percent(VolumeUsage volume) {
    return volume.hasUsedBytes() && volume.getSizeBytes() > 0
        ? Long.toString(Math.round(100.0 * volume.getUsedBytes() / volume.getSizeBytes()))
        : "";
  }

  private static Map<String, Object> document(VolumeUsage volume) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("volume_id", volume.getVolumeId());
    document.put("name", volume.getName());
    document.put("owner", volume.getOwner());
    document.put("type", volume.getType());
    document.put("provider", volume.getProvider());
    document.put("state", volume.getState());
    document.put("attached", volume.getAttached());
    document.put("size_bytes", volume.getSizeBytes());
    document.put("used_bytes", volume.hasUsedBytes() ? (Object) volume.getUsedBytes() : null);
    document.put("used_inodes", volume.hasUsedInodes() ? (Object) volume.getUsedInodes() : null);
    document.put("method", Shown.text(volume.getMethod()));
    document.put("sampled_at", Shown.time(volume.hasSampledAt(), volume.getSampledAt()));
    return document;
  }
}
