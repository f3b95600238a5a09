package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.age;
import static io.joblet.storage.cli.output.Shown.instant;
import static io.joblet.storage.cli.output.Shown.size;

import com.google.protobuf.Timestamp;
import io.joblet.storage.cli.output.Fields;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.v1.IoLimits;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One job for people, all that is known of it. */
public record JobFields(Job job, Instant now) {

  /** The lines. */
  public String lines() {
    Fields fields = new Fields();
    fields.add("Name", job.getName());
    fields.add("ID", job.getId());
    fields.add("Status", job.getStatus());
    fields.add("Exit", JobEnd.cell(job));
    fields.add("Reason", job.getReason());
    job.getWarningsList().forEach(warning -> fields.add("Warning", warning));
    fields.add("Command", Words.line(job.getCommandList()));
    fields.add("Environment", String.join(" ", job.getEnvironmentNamesList()));
    fields.add("Directory", job.getWorkingDirectory());
    if (job.hasFilesystem()) {
      add(fields, job.getFilesystem());
    }
    fields.add("I/O", limits(job.getIoLimits()));
    String network = JobDocument.network(job.getNetwork());
    fields.add("Network", network == null ? "" : network);
    fields.add("Processes", job.getPidsLimit() == 0 ? "" : "at most " + job.getPidsLimit());
    fields.add("Log", job.getLogSizeBytes() == 0 ? "" : "at most " + size(job.getLogSizeBytes()));
    fields.add("Owner", job.getOwner());
    fields.add("Node", job.getNode());
    fields.add("On the host", job.getDirectory());
    fields.add("Supervisor", job.getSupervisorPid() == 0 ? "" : "pid " + job.getSupervisorPid());
    fields.add("Created", time(job.hasCreatedAt(), job.getCreatedAt()));
    fields.add("Started", time(job.hasStartedAt(), job.getStartedAt()));
    fields.add("Finished", time(job.hasFinishedAt(), job.getFinishedAt()));
    fields.add("Ended", time(job.hasEndedAt(), job.getEndedAt()));
    job.getAttachmentsList()
        .forEach(held -> fields.add("Volume", AttachmentLine.of(held.getVolumeName(), held)));
    return fields.lines();
  }

  private static void add(Fields fields, JobFilesystem filesystem) {
    fields.add("Root", Shown.cell(filesystem.getUserland()) + directory(filesystem));
    fields.add(
        "Sizes",
        "/work "
            + size(filesystem.getWorkSizeBytes())
            + ", /tmp "
            + size(filesystem.getTmpSizeBytes())
            + ", /dev/shm "
            + size(filesystem.getShmSizeBytes()));
    if (filesystem.hasUid() || filesystem.hasGid()) {
      fields.add(
          "User",
          "uid "
              + Integer.toUnsignedLong(filesystem.getUid())
              + ", gid "
              + Integer.toUnsignedLong(filesystem.getGid()));
    }
  }

  private static String directory(JobFilesystem filesystem) {
    return filesystem.getDirectory().isEmpty() ? "" : " " + filesystem.getDirectory();
  }

  private static String limits(IoLimits limits) {
    List<String> parts = new ArrayList<>();
    addBytes(parts, "read", limits.getReadBps());
    addBytes(parts, "write", limits.getWriteBps());
    addTimes(parts, "reads", limits.getReadIops());
    addTimes(parts, "writes", limits.getWriteIops());
    return String.join(", ", parts);
  }

  private static void addBytes(List<String> parts, String what, long limit) {
    if (limit != 0) {
      parts.add(what + " " + size(limit) + "/s");
    }
  }

  private static void addTimes(List<String> parts, String what, long limit) {
    if (limit != 0) {
      parts.add(limit + " " + what + "/s");
    }
  }

  private String time(boolean has, Timestamp time) {
    return has ? instant(time) + " (" + age(instant(time), now) + " ago)" : "";
  }
}
