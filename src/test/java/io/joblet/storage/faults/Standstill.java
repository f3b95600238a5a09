package io.joblet.storage.faults;

import io.joblet.storage.faults.Crashes.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Processes that are stopped while something is done, and go on then. */
final class Standstill {
  private Standstill() {}

  static void of(List<Long> processes, Change meanwhile) throws IOException, InterruptedException {
    signal("-STOP", processes);
    try {
      meanwhile.make();
    } finally {
      signal("-CONT", processes);
    }
  }

  private static void signal(String which, List<Long> processes)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", which));
    processes.forEach(process -> command.add(process.toString()));
    // A process of PostgreSQL that has just ended wrote nothing since.
    Shell.attempt(command.toArray(String[]::new));
  }
}
