package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.joblet.storage.v1.Chunk;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who runs a job and reads along gets every byte, and keeps it from nothing else. */
@QuarkusTest
class AttachedOutputTest extends ServiceTest {
  private static final long LOG = 64 << 10;
  private static final long BYTES = 1 << 20;

  /** The job has to be faster than its reader once. */
  private static final int OFTEN = 20;

  private static RunJobRequest run(String... command) {
    return RunJobRequest.newBuilder().addAllCommand(List.of(command)).setLogSizeBytes(LOG).build();
  }

  @Test
  void beginsWithTheFirstByteOfAJobThatIsFasterThanItsReader() {
    for (int i = 0; i < OFTEN; i++) {
      Iterator<JobOutput> events =
          jobs.runAttached(run("head", "-c", Long.toString(BYTES), "/dev/zero"));
      long bytes = 0;
      boolean lost = false;
      while (events.hasNext()) {
        Chunk chunk = events.next().getChunk();
        bytes += chunk.getData().size();
        lost |= chunk.getLost();
      }

      assertThat(lost).isFalse();
      assertThat(bytes).isEqualTo(BYTES);
    }
  }

  @Test
  void aCallerThatReadsNothingDoesNotKeepItsJobFromBeingStopped() {
    // Without the deadline of other calls here, whose end would let the job go.
    Iterator<JobOutput> unread =
        JobServiceGrpc.newBlockingStub(channel())
            .runAttached(run("sh", "-c", "exec yes $(printf %01000d 0)"));
    String id = unread.next().getJob().getId();
    awaitStandstill(Path.of(config.stateDirectory(), "jobs", id));

    Job stopped = jobs.stopJob(StopJobRequest.newBuilder().setJob(id).build()).getJob();

    assertThat(stopped.getStatus()).isEqualTo("killed");
    assertThat(stopped.hasEndedAt()).isTrue();
    JobOutput last = JobOutput.getDefaultInstance();
    while (unread.hasNext()) {
      last = unread.next();
      assertThat(last.getChunk().getLost()).isFalse();
    }
    assertThat(last.getEnded().getStatus()).isEqualTo("killed");
  }

  /** Everything between the job and its reader is full. */
  private static void awaitStandstill(Path log) {
    String[] before = {""};
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        // Segments go while they are looked at.
        .ignoreExceptions()
        .until(() -> {
          String now = sizes(log);
          boolean still = now.equals(before[0]);
          before[0] = now;
          return still;
        });
  }

  private static String sizes(Path directory) throws IOException {
    StringBuilder sizes = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        sizes.append(file.getFileName()).append(' ').append(Files.size(file)).append('\n');
      }
    }
    return sizes.toString();
  }
}
