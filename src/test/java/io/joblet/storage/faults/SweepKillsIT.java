package io.joblet.storage.faults;

import java.util.List;
import java.util.stream.Stream;

/** Of sweeps, and of the doctor while it mends. */
class SweepKillsIT extends KillsOf {
  private static final int SHORT_FORM = 1;

  SweepKillsIT() {
    super(
        Stream.of(SweepScenarios.all(), List.of(SweepScenarios.doctor()))
            .flatMap(List::stream)
            .toList(),
        SHORT_FORM);
  }
}
