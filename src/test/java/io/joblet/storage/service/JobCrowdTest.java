package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.StreamLogsRequest;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many jobs at a time. */
@QuarkusTest
class JobCrowdTest extends ServiceTest {
  private static final int JOBS = 200;
  private static final int AT_A_TIME = 20;
  private static final long SMALL = 256 << 10;

  @Test
  void twoHundredJobsTwentyAtATimeLeaveNothing() throws Exception {
    create(wanted("shared").setUid(65534));
    for (int lane = 0; lane < AT_A_TIME; lane++) {
      create(
          lane % 5 == 0
              ? wantedInMemory("v" + lane).setSizeBytes(SMALL).setUid(65534)
              : wanted("v" + lane).setUid(65534).setInodeLimit(lane == 1 ? 64 : 0));
    }
    // Pools and what the daemon makes once grow to their size.
    round(2 * AT_A_TIME);
    removeAll();
    HostFootprint before = HostFootprint.settled(config);
    Footprint known = footprint();

    List<Integer> codes = round(JOBS);

    assertThat(codes).hasSize(JOBS);
    for (int i = 0; i < JOBS; i++) {
      assertThat(codes.get(i)).as("job %d", i).isEqualTo(i % 100);
    }
    assertThat(rows.count("select count(*) from job where state <> 'ENDED'")).isZero();
    assertThat(rows.count("select count(*) from job_run where state <> 'EXITED'")).isZero();
    assertThat(rows.count("select count(*) from attachment")).isZero();
    removeAll();
    assertThat(footprint().withoutRecords().jobs()).isEqualTo(known.jobs());
    assertThat(footprint().mounts()).isEqualTo(known.mounts());
    assertThat(footprint().loopDevices()).isEqualTo(known.loopDevices());
    assertThat(footprint().volumes()).isEqualTo(known.volumes());
    assertThat(footprint().qgroups()).isEqualTo(known.qgroups());
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(HostFootprint.of(config)).isEqualTo(before));
  }

  private List<Integer> round(int count) throws Exception {
    List<Future<Integer>> running = new ArrayList<>();
    try (ExecutorService lanes = Executors.newFixedThreadPool(AT_A_TIME)) {
      for (int i = 0; i < count; i++) {
        int number = i;
        running.add(lanes.submit(() -> runToEnd(number)));
      }
    }
    List<Integer> codes = new ArrayList<>();
    for (Future<Integer> one : running) {
      codes.add(one.get());
    }
    return codes;
  }

  /** Its lane's volume is its own as long as it runs: another lane's job uses another one. */
  private int runToEnd(int number) {
    String lane = Thread.currentThread().getName().replaceFirst(".*-", "");
    String own = "v" + (Integer.parseInt(lane) - 1) % AT_A_TIME;
    RunJobRequest request =
        RunJobRequest.newBuilder()
            .addCommand("sh")
            .addCommand("-c")
            .addCommand(
                "echo "
                    + number
                    + " | tee /own/f /work/f /shared/"
                    + own
                    + "; exit "
                    + number % 100)
            .setFilesystem(
                JobFilesystem.newBuilder()
                    .setWorkSizeBytes(SMALL)
                    .setTmpSizeBytes(SMALL)
                    .setShmSizeBytes(SMALL))
            .addVolumes(VolumeMount.newBuilder().setVolume(own).setMountPath("/own"))
            .addVolumes(
                VolumeMount.newBuilder()
                    .setVolume("shared")
                    .setAccessMode(AccessMode.SHARED)
                    .setMountPath("/shared"))
            .build();
    Iterator<JobOutput> output = number % 2 == 0 ? jobs.runAttached(request) : follow(request);
    JobOutput last = output.next();
    while (output.hasNext()) {
      last = output.next();
    }
    return last.getEnded().getExitCode();
  }

  private Iterator<JobOutput> follow(RunJobRequest request) {
    String id = jobs.runJob(request).getJob().getId();
    return jobs.streamLogs(StreamLogsRequest.newBuilder().setJob(id).setFollow(true).build());
  }

  private void removeAll() {
    ListJobsRequest all = ListJobsRequest.newBuilder().setShowEnded(true).setPageSize(1000).build();
    for (Job job : jobs.listJobs(all).getJobsList()) {
      jobs.removeJob(RemoveJobRequest.newBuilder().setJob(job.getId()).build());
    }
  }
}
