package io.joblet.storage.job;

import io.joblet.storage.volume.IoLimitColumns;
import java.util.List;
import java.util.Map;

/**
 * A command to run in a job's root file system.
 *
 * @param command and its arguments, at least one
 * @param environment values may be secrets: they reach the command and nothing else
 * @param workingDirectory absolute, within the job
 * @param ownNetwork a loopback interface of its own, or the host's network
 * @param pidsLimit most processes and threads at the same time; 0 means no limit
 * @param logBytes how much output is kept; the oldest goes first
 */
public record NewRun(
    List<String> command,
    Map<String, String> environment,
    String workingDirectory,
    boolean ownNetwork,
    long pidsLimit,
    IoLimitColumns ioLimits,
    long logBytes) {
  public NewRun {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
