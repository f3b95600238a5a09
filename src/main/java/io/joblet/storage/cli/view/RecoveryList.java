package io.joblet.storage.cli.view;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.RecoverableVolume;
import io.joblet.storage.v1.RecoverableVolume.Action;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can be brought back, or was. */
public final class RecoveryList {
  private RecoveryList() {}

  /** By volume; what is left alone has its place only. */
  public static View<RecoverableVolume> view(boolean carriedOut) {
    return new View<>(
        RecoveryList::document,
        List.of(
            new Column<>(carriedOut ? "DONE" : "TO DO", v -> outcome(v, carriedOut)),
            new Column<>("NAME", RecoverableVolume::getName),
            new Column<>("OWNER", RecoverableVolume::getOwner),
            new Column<>("KIND", RecoverableVolume::getProvider),
            new Column<>("SIZE", v -> v.getSizeBytes() > 0 ? Shown.size(v.getSizeBytes()) : ""),
            new Column<>("USED", v -> v.hasUsedBytes() ? Shown.size(v.getUsedBytes()) : ""),
            new Column<>("PLACE", RecoverableVolume::getPlace),
            new Column<>("NOTE", RecoverableVolume::getNote)),
        "nothing to bring back; whether rows and data agree is what rnx volume doctor says");
  }

  private static String outcome(RecoverableVolume volume, boolean carriedOut) {
    if (!volume.getError().isEmpty()) {
      return "failed: " + volume.getError();
    }
    String action = action(volume) + (volume.getTrashed() ? " to trash" : "");
    return carriedOut && !volume.getDone() && volume.getAction() != Action.LEAVE
        ? "not done: " + action
        : action;
  }

  private static String action(RecoverableVolume volume) {
    return volume.getAction().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> document(RecoverableVolume volume) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("action", action(volume));
    document.put("id", Shown.text(volume.getId()));
    document.put("owner", Shown.text(volume.getOwner()));
    document.put("name", Shown.text(volume.getName()));
    document.put("provider", Shown.text(volume.getProvider()));
    document.put("size_bytes", volume.getSizeBytes() == 0 ? null : volume.getSizeBytes());
    document.put("used_bytes", volume.hasUsedBytes() ? volume.getUsedBytes() : null);
    document.put("place", Shown.text(volume.getPlace()));
    document.put("trashed", volume.getTrashed());
    document.put("note", Shown.text(volume.getNote()));
    document.put("done", volume.getDone());
    document.put("error", Shown.text(volume.getError()));
    return document;
  }
}
