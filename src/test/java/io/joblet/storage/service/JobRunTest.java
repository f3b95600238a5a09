package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import io.joblet.storage.v1.Chunk;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.joblet.storage.v1.StreamLogsRequest;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands in root file systems of their own. */
@QuarkusTest
class JobRunTest extends ServiceTest {
  private static RunJobRequest.Builder shell(String script) {
    return RunJobRequest.newBuilder().addCommand("sh").addCommand("-c").addCommand(script);
  }

  private static VolumeMount mount(String volume, String path) {
    return VolumeMount.newBuilder().setVolume(volume).setMountPath(path).build();
  }

  /** Everything that a stream brought. */
  private record Output(String text, String errors, Job first, Job ended) {
    static Output of(Iterator<JobOutput> events) {
      StringBuilder out = new StringBuilder();
      StringBuilder err = new StringBuilder();
      Job first = null;
      Job ended = null;
      while (events.hasNext()) {
        JobOutput event = events.next();
        switch (event.getEventCase()) {
          case JOB -> first = event.getJob();
          case ENDED -> ended = event.getEnded();
          case CHUNK -> append(event.getChunk(), out, err);
          case EVENT_NOT_SET -> throw new AssertionError(event);
        }
      }
      return new Output(out.toString(), err.toString(), first, ended);
    }

    private static void append(Chunk chunk, StringBuilder out, StringBuilder err) {
      (chunk.getError() ? err : out).append(chunk.getData().toStringUtf8());
    }
  }

  private Output run(RunJobRequest.Builder request) {
    return Output.of(jobs.runAttached(request.build()));
  }

  private Job job(String name) {
    return jobs.getJob(GetJobRequest.newBuilder().setJob(name).build()).getJob();
  }

  @Test
  void streamsBothOutputsAndTheExitCode() {
    Output output = run(shell("echo out; echo err >&2; exit 7"));

    assertThat(output.text()).isEqualTo("out\n");
    assertThat(output.errors()).isEqualTo("err\n");
    assertThat(output.first().getStatus()).isEqualTo("running");
    assertThat(output.ended().getStatus()).isEqualTo("exited");
    assertThat(output.ended().getExitCode()).isEqualTo(7);
    assertThat(output.ended().hasEndedAt()).isTrue();
  }

  @Test
  void hasItsVolumesAndTheyKeepWhatItWrote() {
    create("data");
    create(wantedInMemory("cache"));

    Output first =
        run(
            shell(
                    "echo kept > /data/file; echo x > /c/file; df -k /work | tail -1 | awk '{print $2}'")
                .addVolumes(mount("data", "/data"))
                .addVolumes(mount("cache", "/c")));
    Output second = run(shell("cat /data/file").addVolumes(mount("data", "/data")));

    assertThat(first.errors()).isEmpty();
    assertThat(first.text()).isEqualTo("1024\n");
    assertThat(second.text()).isEqualTo("kept\n");
    assertThat(get("data").getStatus()).isEqualTo("available");
  }

  /**
   * Each byte counts in the volume that it is in, also where cp(1) would rather share it: what
   * another volume wrote would count there, and there for ever.
   */
  @Test
  void whatItCopiesFromOneVolumeToAnotherCountsInBoth() {
    create("from");
    create("to");

    Output output =
        run(
            shell(
                    "head -c 10M /dev/urandom > /from/a; cp --reflink=always /from/a /to/a;"
                        + " cp /from/a /to/a && cp /from/a /to/b; rm /from/a; sync -f /from; sync -f /to")
                .addVolumes(mount("from", "/from"))
                .addVolumes(mount("to", "/to")));

    assertThat(output.errors()).contains("failed to clone '/to/a'", "'/to/b': Disk quota exceeded");
    assertThat(get("to").getUsedBytes()).isBetween(15 * MIB, 16 * MIB);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(get("from").getUsedBytes()).isLessThan(MIB));
  }

  /** Before the daemon, whose unit asks the kernel to spare it, and before anybody else. */
  @Test
  void goesFirstWhenMemoryIsShort() {
    assertThat(run(shell("cat /proc/self/oom_score_adj")).text()).isEqualTo("500\n");
  }

  @Test
  void leavesNothingWhenItsCommandIsUnknown() {
    create("data");
    Footprint before = footprint();

    Refused refused =
        Refused.by(() ->
            jobs.runJob(
                RunJobRequest.newBuilder()
                    .setJobId("j")
                    .addCommand("no-such-command")
                    .addVolumes(mount("data", "/data"))
                    .build()));

    assertThat(refused.code()).isEqualTo(Code.NOT_FOUND);
    assertThat(refused.resource().getResourceName()).isEqualTo("no-such-command");
    assertThat(footprint().withoutRecords()).isEqualTo(before.withoutRecords());
  }

  @Test
  void leavesNothingOfAJobWithoutVolumesWhoseCommandIsUnknown() {
    Footprint before = footprint();
    RunJobRequest request =
        RunJobRequest.newBuilder()
            .setJobId("j")
            .addCommand("no-such-command")
            .setRequestId("an-unknown-command")
            .build();

    for (int attempt = 0; attempt < 2; attempt++) {
      Refused refused = Refused.by(() -> jobs.runJob(request));

      assertThat(refused.code()).isEqualTo(Code.NOT_FOUND);
      assertThat(refused.resource().getResourceName()).isEqualTo("no-such-command");
      assertThat(footprint().withoutRecords()).isEqualTo(before.withoutRecords());
    }
  }

  @Test
  void leavesNothingWhenAVolumeIsHeld() {
    create("data");
    attach("data", "other");
    Footprint before = footprint();

    Refused refused =
        Refused.by(() -> jobs.runJob(shell("true").addVolumes(mount("data", "/data")).build()));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo("job/other");
    assertThat(footprint()).isEqualTo(before);
  }

  @Test
  void takesAVolumeThatIsAttachedWhileItRunsAndGivesItBack() {
    create("late");
    jobs.runJob(
        shell("until [ -e /late ]; do sleep 0.02; done; echo found; while sleep 1; do :; done")
            .setJobId("j")
            .build());
    volumes.attachVolume(attaching("late", "j").setMountPath("/late").build());
    Iterator<JobOutput> log =
        jobs.streamLogs(StreamLogsRequest.newBuilder().setJob("j").setFollow(true).build());
    List<JobOutput> seen = new ArrayList<>();
    while (seen.stream().noneMatch(JobOutput::hasChunk) && log.hasNext()) {
      seen.add(log.next());
    }

    assertThat(seen.getLast().getChunk().getData().toStringUtf8()).isEqualTo("found\n");
    detach("late", "j");
    assertThat(job("j").getStatus()).isEqualTo("running");
    stop("j");
    assertThat(job("j").getStatus()).isEqualTo("killed");
  }

  @Test
  void aProcessOfTheJobThatUsesAVolumeIsNamedWhenItIsDetached() {
    create(wanted("busy").setUid(65534));
    jobs.runJob(
        shell("exec 3> /busy/file; echo open; while sleep 1; do :; done")
            .setJobId("j")
            .addVolumes(mount("busy", "/busy"))
            .build());
    Iterator<JobOutput> log =
        jobs.streamLogs(StreamLogsRequest.newBuilder().setJob("j").setFollow(true).build());
    log.next();
    log.next();

    Refused refused = Refused.by(() -> detach("busy", "j"));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.kindInTheWay()).isEqualTo("PROCESS");
    long pid = Long.parseLong(refused.inTheWay().substring("pid/".length()));
    assertThat(ProcessHandle.of(pid)).isPresent();
    assertThat(refused.message()).contains("(sh, fd 3)");
    stop("j");
  }

  @Test
  void aStopIsToldWhoKeepsAVolumeAndEndsTheJobOnceThatIsGone() throws Exception {
    create("data");
    jobs.runJob(
        shell("while sleep 1; do :; done")
            .setJobId("j")
            .addVolumes(mount("data", "/data"))
            .build());
    Process holder = start(Path.of(config.jobsDirectory(), "j/data"), "sleep", "600");

    Refused refused = Refused.by(() -> stop("j"));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo("pid/" + holder.pid());
    assertThat(job("j").getStatus()).isEqualTo("ending");
    holder.destroyForcibly().waitFor();
    assertThat(stop("j").getStatus()).isEqualTo("killed");
    assertThat(get("data").getStatus()).isEqualTo("available");
  }

  @Test
  void aServiceThatBeganWithAMountNamespaceOfItsOwnDoesNotHoldUpItsEnd() throws Exception {
    create("data");
    jobs.runJob(
        shell("while sleep 1; do :; done").setJobId("j").addVolumes(mount("data", "/a/b")).build());
    Process service = start(Path.of("/"), "unshare", "--mount", "sleep", "600");
    while (!Files.readString(Path.of("/proc/" + service.pid() + "/comm")).equals("sleep\n")) {
      Thread.sleep(10);
    }

    Job stopped = stop("j");

    assertThat(service.isAlive()).isTrue();
    assertThat(stopped.getStatus()).isEqualTo("killed");
    assertThat(stopped.hasEndedAt()).isTrue();
    assertThat(get("data").getStatus()).isEqualTo("available");
    assertThat(Files.readString(Path.of("/proc/" + service.pid() + "/mountinfo")))
        .doesNotContain(config.jobsDirectory() + "/j");
  }

  private Job stop(String job) {
    return jobs.stopJob(StopJobRequest.newBuilder().setJob(job).build()).getJob();
  }

  @Test
  void stopsByTermAndIsGoneWhenTheCallReturns() {
    Iterator<JobOutput> log = runUntilItSpeaks("trap 'exit 3' TERM");

    Job stopped = stop("j");

    assertThat(stopped.getStatus()).isEqualTo("exited");
    assertThat(stopped.getExitCode()).isEqualTo(3);
    assertThat(stopped.hasEndedAt()).isTrue();
    assertThat(Output.of(log).ended().getExitCode()).isEqualTo(3);
  }

  @Test
  void takesSignals() {
    Iterator<JobOutput> log = runUntilItSpeaks("trap 'exit 5' USR1");

    jobs.signalJob(SignalJobRequest.newBuilder().setJob("j").setSignal(10).build());

    assertThat(Output.of(log).ended().getExitCode()).isEqualTo(5);
  }

  /** A signal that comes before its trap is set ends the shell. */
  private Iterator<JobOutput> runUntilItSpeaks(String trap) {
    jobs.runJob(shell(trap + "; echo up; while :; do sleep 0.02; done").setJobId("j").build());
    Iterator<JobOutput> log =
        jobs.streamLogs(StreamLogsRequest.newBuilder().setJob("j").setFollow(true).build());
    log.next();
    log.next();
    return log;
  }

  @Test
  void isForgottenWithItsOutputWhenRemoved() {
    run(shell("echo x").setJobId("j"));
    assertThat(job("j").getReason()).isEqualTo("its command exited with 0");

    jobs.removeJob(RemoveJobRequest.newBuilder().setJob("j").build());

    Refused refused = Refused.by(() -> job("j"));
    assertThat(refused.code()).isEqualTo(Code.NOT_FOUND);
    assertThat(jobs.listJobs(ListJobsRequest.newBuilder().setShowEnded(true).build()).getJobsList())
        .noneMatch(j -> j.getName().equals("j"));
  }
}
