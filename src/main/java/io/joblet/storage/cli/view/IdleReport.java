package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.age;
import static io.joblet.storage.cli.output.Shown.instant;
import static io.joblet.storage.cli.output.Shown.size;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.IdleVolume;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Volumes that nobody has attached. */
public final class IdleReport {
  private IdleReport() {}

  /** For {@code rnx report idle}; ages are relative to {@code now}. */
  public static View<IdleVolume> view(Instant now) {
    return new View<>(
        IdleReport::document,
        List.of(
            new Column<>("NAME", IdleVolume::getName),
            new Column<>("OWNER", IdleVolume::getOwner),
            new Column<>("TYPE", IdleVolume::getType),
            new Column<>("SIZE", v -> size(v.getSizeBytes())),
            new Column<>("USED", v -> v.hasUsedBytes() ? size(v.getUsedBytes()) : ""),
            new Column<>(
                "IDLE", v -> v.hasLastUsedAt() ? age(instant(v.getLastUsedAt()), now) : "always"),
            new Column<>("AGE", v -> age(instant(v.getCreatedAt()), now))),
        "no idle volumes");
  }

  private static Map<String, Object> document(IdleVolume volume) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("volume_id", volume.getVolumeId());
    document.put("name", volume.getName());
    document.put("owner", volume.getOwner());
    document.put("type", volume.getType());
    document.put("size_bytes", volume.getSizeBytes());
    document.put("used_bytes", volume.hasUsedBytes() ? (Object) volume.getUsedBytes() : null);
    document.put("created_at", Shown.time(volume.hasCreatedAt(), volume.getCreatedAt()));
    document.put("last_used_at", Shown.time(volume.hasLastUsedAt(), volume.getLastUsedAt()));
    return document;
  }
}
