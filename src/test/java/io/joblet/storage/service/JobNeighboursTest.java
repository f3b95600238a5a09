package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.joblet.storage.v1.StreamLogsRequest;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job that takes all it can get harms no other, and ends when it is told to. */
@QuarkusTest
class JobNeighboursTest extends ServiceTest {
  private static final int SIGTERM = 15;
  private static final int PROCESSES = 200;
  private static final long LOG = 64 << 10;

  /** A line with one letter and what is written before it. */
  private static final int LOGGED_LINE = 42;

  private Path count;

  /** Counts in its volume, twenty times in a second, until TERM. */
  @BeforeEach
  void startTheNeighbour() {
    create(wanted("quiet").setUid(65534));
    String script =
        """
        trap 'exit 9' TERM
        n=0
        while :; do
          n=$((n + 1))
          echo $n > /v/next && mv /v/next /v/count || exit 1
          echo $n
          sleep 0.05
        done
        """;
    Job job = jobs.runJob(request("neighbour", script, "quiet").build()).getJob();
    count = Path.of(job.getAttachments(0).getHostPath(), "count");
    awaitCounting();
  }

  private static RunJobRequest.Builder request(String name, String script, String volume) {
    return RunJobRequest.newBuilder()
        .setJobId(name)
        .addCommand("sh")
        .addCommand("-c")
        .addCommand(script)
        .setLogSizeBytes(LOG)
        .setFilesystem(JobFilesystem.getDefaultInstance())
        .addVolumes(VolumeMount.newBuilder().setVolume(volume).setMountPath("/v"));
  }

  private Job start(RunJobRequest.Builder request) {
    return jobs.runJob(request.build()).getJob();
  }

  /** It has counted on from now. */
  private void awaitCounting() {
    long[] from = {-1};
    await()
        .atMost(java.time.Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> {
          long now = Long.parseLong(Files.readString(count).strip());
          from[0] = from[0] < 0 ? now : from[0];
          return now >= from[0] + 3;
        });
  }

  /** Stops the bad one and then the neighbour, which has to end as it meant to. */
  private void bothEndAsTheyShould(Job bad, int graceSeconds, String status) throws IOException {
    awaitCounting();
    Job stopped =
        jobs.stopJob(
                StopJobRequest.newBuilder()
                    .setJob(bad.getId())
                    .setGrace(Duration.newBuilder().setSeconds(graceSeconds))
                    .build())
            .getJob();
    assertThat(stopped.getStatus()).as(stopped.getReason()).isEqualTo(status);
    assertThat(stopped.hasEndedAt()).isTrue();
    assertThat(processesOf(bad)).isZero();
    awaitCounting();
    JobWait waiting = new JobWait(jobs);
    jobs.signalJob(SignalJobRequest.newBuilder().setJob("neighbour").setSignal(SIGTERM).build());
    Job neighbour = waiting.ended("neighbour");
    assertThat(neighbour.getReason()).isEqualTo("its command exited with 9");
    assertThat(waiting.output("neighbour")).endsWith("\n").doesNotContain("rror");
  }

  /** Its host name is the job's, which no other process has. */
  private static long processesOf(Job job) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes.filter(p -> isIn(p, job.getId())).count();
    }
  }

  private static boolean isIn(Path process, String cgroup) {
    try {
      return Files.readString(process.resolve("cgroup")).contains(cgroup);
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void aForkBombIsHeldAtItsLimit() throws IOException {
    create(wanted("own").setUid(65534));
    Job bomb =
        start(
            request("bomb", "b() { b & b & }; b; exec sleep 3600", "own").setPidsLimit(PROCESSES));

    new JobWait(jobs).said("bomb", "fork");

    assertThat(processesOf(bomb)).isBetween(1L, (long) PROCESSES);
    bothEndAsTheyShould(bomb, 0, "killed");
  }

  @Test
  void aFullVolumeAndFullMemoryAreItsOwn() throws IOException {
    create(wanted("own").setUid(65534));
    Job greedy =
        start(
            request(
                "greedy",
                """
                for d in /v /work /tmp /dev/shm; do
                  dd if=/dev/zero of=$d/x bs=64k 2>&1 | grep -c 'No space\\|quota'
                done
                echo all full
                exec sleep 3600
                """,
                "own"));

    new JobWait(jobs).said("greedy", "all full");

    assertThat(new JobWait(jobs).output("greedy")).isEqualTo("1\n1\n1\n1\nall full\n");
    bothEndAsTheyShould(greedy, 10, "killed");
  }

  @Test
  void aFullLogKeepsItsBound() throws IOException {
    create(wanted("own").setUid(65534));
    Job talker =
        start(
            request(
                "talker",
                "echo first; yes 'all work and no play' | head -n 400000; exec yes",
                "own"));
    Path log = Path.of(config.stateDirectory(), "jobs", talker.getId());

    await()
        .atMost(java.time.Duration.ofSeconds(60))
        .until(() -> !new JobWait(jobs).output("talker").contains("first"));

    assertThat(size(log)).isLessThan(2 * LOG);
    bothEndAsTheyShould(talker, 10, "killed");
  }

  @Test
  void readingWhatThereIsEndsHoweverFastMoreComes() throws Exception {
    create(wanted("own").setUid(65534));
    Job talker = start(request("talker", "exec yes", "own"));
    new JobWait(jobs).said("talker", "y");
    Iterator<JobOutput> kept =
        jobs.withDeadlineAfter(60, TimeUnit.SECONDS)
            .streamLogs(StreamLogsRequest.newBuilder().setJob("talker").build());

    for (long lines = 0; kept.hasNext(); lines++) {
      kept.next();
      assertThat(lines).as("lines, of which few are kept").isLessThan(2 * LOG / LOGGED_LINE);
      Thread.sleep(1);
    }

    bothEndAsTheyShould(talker, 10, "killed");
  }

  private static long size(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.mapToLong(JobNeighboursTest::sizeOf).sum();
    }
  }

  /** Segments go while they are looked at. */
  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }

  @Test
  void oneThatIgnoresTermIsKilledAfterItsGrace() throws IOException {
    create(wanted("own").setUid(65534));
    Job deaf =
        start(
            request("deaf", "trap '' TERM HUP INT; echo deaf; while :; do sleep 0.1; done", "own"));
    new JobWait(jobs).said("deaf", "deaf");

    bothEndAsTheyShould(deaf, 1, "killed");

    assertThat(jobs.getJob(GetJobRequest.newBuilder().setJob("deaf").build()).getJob().getSignal())
        .isEqualTo(9);
  }
}
