package io.joblet.storage.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Processes that keep a job's output, found by the directory that each has open. */
final class Supervisors {
  /** The program that a supervisor executes, cut as comm is, proc_pid_comm(5). */
  static final String PROGRAM = "joblet-shim";

  private Supervisors() {}

  /**
   * One that is there, a zombie not included.
   *
   * @param job the name of its directory, which is the job's id
   */
  record Supervisor(long pid, String job) {}

  /** Those whose directory is, or was, in {@code runs}. */
  static List<Supervisor> of(Path runs) throws IOException {
    List<Supervisor> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.toList()) {
        if (Character.isDigit(process.getFileName().toString().charAt(0)) && isOne(process)) {
          job(process, runs)
              .forEach(j ->
                  found.add(new Supervisor(Long.parseLong(process.getFileName().toString()), j)));
        }
      }
    }
    return found;
  }

  /** Kills them and, by their death, the jobs below. */
  static void end(Path runs) throws IOException, InterruptedException {
    for (Supervisor supervisor : of(runs)) {
      kill(supervisor.pid());
    }
  }

  /** Kills that process and waits until it is no more, or only a zombie. */
  static void kill(long pid) throws IOException, InterruptedException {
    Shell.attempt("kill", "-KILL", Long.toString(pid));
    while (isAlive(pid)) {
      Thread.sleep(5);
    }
  }

  static boolean isAlive(long pid) {
    try {
      return !Files.readString(Path.of("/proc/" + pid + "/status")).contains("State:\tZ");
    } catch (IOException gone) {
      return false;
    }
  }

  private static boolean isOne(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip().equals(PROGRAM);
    } catch (IOException gone) {
      return false;
    }
  }

  private static List<String> job(Path process, Path runs) {
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      return descriptors
          .map(Supervisors::target)
          .filter(t -> t.startsWith(runs + "/"))
          .map(t -> t.substring(runs.toString().length() + 1).replaceFirst("[/ ].*", ""))
          .distinct()
          .toList();
    } catch (IOException | UncheckedIOException gone) {
      return List.of();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closed) {
      return "";
    }
  }
}
