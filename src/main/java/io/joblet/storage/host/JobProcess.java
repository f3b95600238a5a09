package io.joblet.storage.host;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A command to run in a job's file system.
 *
 * @param job names the job's cgroup and state directory
 * @param directory the mounted root, as {@link HostOperation.MountJobRoot} made it
 * @param hostname what uname(2) says in the job
 * @param arguments the command first; looked for in the job's PATH if it has no slash
 * @param workingDirectory within the job
 * @param shmBytes size of the tmpfs at {@code /dev/shm}
 * @param logBytes how much output is kept; the oldest goes first
 */
public record JobProcess(
    UUID job,
    ManagedPath directory,
    String hostname,
    List<String> arguments,
    Map<String, String> environment,
    String workingDirectory,
    long uid,
    long gid,
    long shmBytes,
    long logBytes) {
  public JobProcess {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a command is needed");
    }
  }
}
