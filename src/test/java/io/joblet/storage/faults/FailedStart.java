package io.joblet.storage.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of a start in which one call failed.
 *
 * @param cameUp else it has ended by itself
 * @param injected whether the call came to be made
 * @param problems what is wrong with how it ended
 */
record FailedStart(boolean cameUp, boolean injected, List<String> problems) {
  FailedStart {
    problems = List.copyOf(problems);
  }

  /** Starts a daemon where none runs, and ends it if it comes up. */
  static FailedStart at(Installation installation, HostCall call, String errno)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(installation.directory(), "start", ".log");
    int before = installation.output().length();
    Running starting = installation.launch(StartTrace.failing(call, errno, log));
    boolean cameUp = installation.comesUp(starting);
    List<String> problems = new ArrayList<>();
    if (cameUp) {
      starting.process().destroy();
      starting.process().waitFor();
    } else {
      String said = installation.output().substring(before);
      if (!said.contains("joblet-storage: cannot start: ") || said.contains("\n\tat ")) {
        problems.add("a start ended and did not say why in a sentence: " + said.strip());
      }
    }
    starting.close();
    return new FailedStart(cameUp, Files.readString(log).contains("(INJECTED)"), problems);
  }
}
