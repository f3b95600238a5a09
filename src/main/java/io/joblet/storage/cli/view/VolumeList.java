package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.age;
import static io.joblet.storage.cli.output.Shown.instant;
import static io.joblet.storage.cli.output.Shown.size;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Volumes, one on each line. */
public final class VolumeList {
  private VolumeList() {}

  /**
   * For {@code rnx volume list}.
   *
   * @param deleted whether the trash is included, where names repeat and only ids tell volumes
   *     apart
   * @param owners whether those of several owners may be in it, where only owner and name together
   *     tell volumes apart
   * @param now what ages are relative to
   */
  public static View<Volume> view(boolean deleted, boolean owners, Instant now) {
    List<Column<Volume>> columns = new ArrayList<>();
    columns.add(new Column<>("NAME", Volume::getName));
    if (owners) {
      columns.add(new Column<>("OWNER", Volume::getOwner));
    }
    columns.add(new Column<>("TYPE", volume -> Shown.cell(volume.getType())));
    columns.add(new Column<>("SIZE", volume -> size(volume.getSizeBytes())));
    columns.add(new Column<>("USED", VolumeList::used));
    columns.add(new Column<>("STATUS", Volume::getStatus));
    columns.add(new Column<>("JOB", VolumeList::jobs));
    columns.add(
        new Column<>(
            "AGE",
            volume -> volume.hasCreatedAt() ? age(instant(volume.getCreatedAt()), now) : ""));
    if (deleted) {
      columns.add(new Column<>("PURGED IN", volume -> purgedIn(volume, now)));
      columns.add(new Column<>("ID", Volume::getId));
    }
    return new View<>(VolumeDocument::of, columns, "no volumes");
  }

  private static String used(Volume volume) {
    return volume.hasUsedBytes() ? size(volume.getUsedBytes()) : "";
  }

  private static String jobs(Volume volume) {
    return volume.getAttachmentsCount() == 0
        ? volume.getCurrentJobId()
        : volume.getAttachmentsList().stream()
            .map(Attachment::getJobId)
            .distinct()
            .collect(Collectors.joining(","));
  }

  private static String purgedIn(Volume volume, Instant now) {
    return volume.hasPurgeAfter()
        ? Shown.span(Duration.between(now, instant(volume.getPurgeAfter())))
        : "";
  }
}
