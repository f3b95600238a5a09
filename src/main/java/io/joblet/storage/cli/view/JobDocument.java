package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.text;
import static io.joblet.storage.cli.output.Shown.time;
import static io.joblet.storage.cli.output.Shown.word;

import io.joblet.storage.v1.IoLimits;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.Network;
import java.util.LinkedHashMap;
import java.util.Map;

/** A job for programs; docs/cli.md lists the keys. */
public final class JobDocument {
  private JobDocument() {}

  /** Every key is there; absent values are null. */
  public static Map<String, Object> of(Job job) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", text(job.getId()));
    document.put("name", text(job.getName()));
    document.put("owner", text(job.getOwner()));
    document.put("node", text(job.getNode()));
    document.put("status", text(job.getStatus()));
    document.put("exit_code", job.hasExitCode() ? job.getExitCode() : null);
    document.put("signal", job.getSignal() == 0 ? null : job.getSignal());
    document.put("reason", text(job.getReason()));
    document.put("warnings", job.getWarningsList());
    document.put("command", job.getCommandList());
    document.put("environment_names", job.getEnvironmentNamesList());
    document.put("working_directory", text(job.getWorkingDirectory()));
    document.put("filesystem", job.hasFilesystem() ? filesystem(job.getFilesystem()) : null);
    document.put("io_limits", limits(job.getIoLimits()));
    document.put("network", network(job.getNetwork()));
    document.put("pids_limit", given(job.getPidsLimit()));
    document.put("log_size_bytes", given(job.getLogSizeBytes()));
    document.put(
        "attachments", job.getAttachmentsList().stream().map(AttachmentDocument::of).toList());
    document.put("directory", text(job.getDirectory()));
    document.put("supervisor_pid", given(job.getSupervisorPid()));
    document.put("created_at", time(job.hasCreatedAt(), job.getCreatedAt()));
    document.put("started_at", time(job.hasStartedAt(), job.getStartedAt()));
    document.put("finished_at", time(job.hasFinishedAt(), job.getFinishedAt()));
    document.put("ended_at", time(job.hasEndedAt(), job.getEndedAt()));
    document.put("row_version", job.getRowVersion());
    return document;
  }

  private static Map<String, Object> filesystem(JobFilesystem filesystem) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("userland", word(filesystem.getUserland()));
    document.put("directory", text(filesystem.getDirectory()));
    document.put("work_size_bytes", given(filesystem.getWorkSizeBytes()));
    document.put("tmp_size_bytes", given(filesystem.getTmpSizeBytes()));
    document.put("shm_size_bytes", given(filesystem.getShmSizeBytes()));
    document.put("uid", filesystem.hasUid() ? Integer.toUnsignedLong(filesystem.getUid()) : null);
    document.put("gid", filesystem.hasGid() ? Integer.toUnsignedLong(filesystem.getGid()) : null);
    return document;
  }

  private static Map<String, Object> limits(IoLimits limits) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("read_bps", given(limits.getReadBps()));
    document.put("write_bps", given(limits.getWriteBps()));
    document.put("read_iops", given(limits.getReadIops()));
    document.put("write_iops", given(limits.getWriteIops()));
    return document;
  }

  /** As {@code --network} takes it; null for a job that runs nothing. */
  static String network(Network network) {
    return network == Network.HOST_NETWORK ? "host" : word(network);
  }

  private static Long given(long number) {
    return number == 0 ? null : number;
  }
}
