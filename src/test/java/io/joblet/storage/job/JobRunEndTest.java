package io.joblet.storage.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.JobProcesses.Ending;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a run ends that an older database says has not begun. */
class JobRunEndTest {
  @Test
  void itHasFailedWhateverItsSupervisorWroteDown() {
    for (Ending ending :
        List.of(
            new Ending(Optional.of(0), Optional.empty(), Optional.empty(), 0),
            new Ending(Optional.empty(), Optional.of(9), Optional.empty(), 0))) {
      JobRun run = new JobRun();
      run.state = JobRun.State.STARTING;

      run.finish(Optional.of(ending), Instant.now());

      // Else the row says that it was, and not who: a constraint refuses that.
      assertThat(run.state).isEqualTo(JobRun.State.FAILED);
      assertThat(run.exitCode).isNull();
      assertThat(run.signal).isNull();
      assertThat(run.failure).startsWith("it ran without a note of it: its command ");
    }
  }
}
