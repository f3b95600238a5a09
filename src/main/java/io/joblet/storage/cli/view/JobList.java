package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.age;
import static io.joblet.storage.cli.output.Shown.instant;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Jobs, one on each line. */
public final class JobList {
  private static final int COMMAND = 40;

  private JobList() {}

  /**
   * For {@code rnx job list}.
   *
   * @param all whether jobs that have ended are included, where names repeat and only ids tell jobs
   *     apart
   * @param owners whether those of several owners may be in it
   * @param now what ages are relative to
   */
  public static View<Job> view(boolean all, boolean owners, Instant now) {
    List<Column<Job>> columns = new ArrayList<>();
    columns.add(new Column<>("NAME", Job::getName));
    if (owners) {
      columns.add(new Column<>("OWNER", Job::getOwner));
    }
    columns.add(new Column<>("STATUS", Job::getStatus));
    if (all) {
      columns.add(new Column<>("EXIT", JobEnd::cell));
    }
    columns.add(new Column<>("VOLUMES", JobList::volumes));
    columns.add(
        new Column<>(
            "AGE", job -> job.hasCreatedAt() ? age(instant(job.getCreatedAt()), now) : ""));
    if (all) {
      columns.add(new Column<>("ID", Job::getId));
    }
    columns.add(new Column<>("COMMAND", job -> Words.line(job.getCommandList(), COMMAND)));
    return new View<>(JobDocument::of, columns, all ? "no jobs" : "no jobs; --all has ended ones");
  }

  private static String volumes(Job job) {
    return job.getAttachmentsList().stream()
        .map(Attachment::getVolumeName)
        .distinct()
        .collect(Collectors.joining(","));
  }
}
