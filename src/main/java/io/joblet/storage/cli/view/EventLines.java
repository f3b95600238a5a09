package io.joblet.storage.cli.view;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.VolumeEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happens to volumes. */
public final class EventLines {
  private EventLines() {}

  /** One event a line. */
  public static View<VolumeEvent> view() {
    return new View<>(
        EventLines::document,
        List.of(
            new Column<>("TIME", e -> Shown.instant(e.getTime()).toString()),
            new Column<>("EVENT", e -> Shown.cell(e.getKind())),
            new Column<>("VOLUME", VolumeEvent::getVolumeName),
            new Column<>("OWNER", VolumeEvent::getOwner),
            new Column<>("JOB", VolumeEvent::getJobId),
            new Column<>("REASON", VolumeEvent::getReason)),
        "nothing happened");
  }

  private static Map<String, Object> document(VolumeEvent event) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("position", event.getPosition());
    document.put("time", Shown.time(event.hasTime(), event.getTime()));
    document.put("event", Shown.word(event.getKind()));
    document.put("volume_id", event.getVolumeId());
    document.put("volume_name", event.getVolumeName());
    document.put("owner", event.getOwner());
    document.put("job_id", Shown.text(event.getJobId()));
    document.put("reason", Shown.text(event.getReason()));
    return document;
  }
}
