package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import io.joblet.storage.v1.IoLimits;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.Userland;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs that do not start say why, and leave nothing. */
@QuarkusTest
class JobRefusalTest extends ServiceTest {
  private static RunJobRequest.Builder run(String... command) {
    return RunJobRequest.newBuilder().addAllCommand(List.of(command));
  }

  /** A program that is there, may be executed, and whose interpreter is not there. */
  private RunJobRequest.Builder withoutInterpreter() {
    create(wanted("data").setUid(65534));
    VolumeMount data = VolumeMount.newBuilder().setVolume("data").setMountPath("/data").build();
    jobs.runAttached(
            run("sh", "-c", "echo '#!/no/such' > /data/x; chmod +x /data/x")
                .addVolumes(data)
                .build())
        .forEachRemaining(o -> {});
    return run("/data/x").addVolumes(data);
  }

  @Test
  void aCommandWhoseInterpreterIsNotThereLeavesNothing() {
    RunJobRequest request = withoutInterpreter().build();
    Footprint before = footprint();

    Refused refused = Refused.by(() -> jobs.runJob(request));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.error().getReason()).isEqualTo("COMMAND_IN_THE_WAY");
    assertThat(refused.message()).contains("interpreter");
    Footprint after = footprint().withoutRecords();
    assertThat(after.rows()).containsEntry("job", before.rows().get("job"));
    assertThat(after.jobs()).isEqualTo(before.jobs());
    assertThat(after.mounts()).isEqualTo(before.mounts());
    assertThat(get("data").getStatus()).isEqualTo("available");
  }

  @Test
  void aNameWhoseJobStillRunsIsRefusedAndSaysHowToGetOn() {
    RunJobRequest request = run("sleep", "60").setJobId("build").build();
    jobs.runJob(request);

    Refused refused = Refused.by(() -> jobs.runJob(request));

    assertThat(refused.code()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(refused.message())
        .isEqualTo("job 'build' is still running: wait for its end, stop it, or take another name");
    assertThat(refused.error().getMetadataMap()).containsEntry("status", "running");
    assertThat(refused.resource().getResourceName()).isEqualTo("build");
  }

  @Test
  void aNameThatIsPreparedIsRefusedAndSaysHowToGetOn() {
    create("data");
    attach("data", "build");

    Refused refused = Refused.by(() -> jobs.runJob(run("true").setJobId("build").build()));

    assertThat(refused.code()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(refused.message())
        .isEqualTo(
            "job 'build' is still there, prepared and not cleaned up: clean it up, or take another"
                + " name");
  }

  @Test
  void aCommandThatWasNotExecutedIsRefusedAgainWithTheSameRequestId() {
    RunJobRequest request = withoutInterpreter().setRequestId("the-id").build();

    Refused first = Refused.by(() -> jobs.runJob(request));
    Refused again = Refused.by(() -> jobs.runJob(request));

    assertThat(again.code()).isEqualTo(first.code());
  }

  /** Whoever enters its root in the moment that it is there keeps it from being taken away. */
  @Test
  void oneThatIsBusyWhenItIsRefusedHasFailedAndSaysWhy() {
    RunJobRequest request = run("no-such-command").setJobId("pinned").build();
    String enter = "until cd " + config.jobsDirectory() + "/pinned/work 2>/dev/null; do :; done;";
    Process holder = start(Path.of("/"), "sh", "-c", enter + " exec sleep 600");

    List<Job> kept =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  assertThat(Refused.by(() -> jobs.runJob(request)).code())
                      .isIn(Code.NOT_FOUND, Code.ALREADY_EXISTS);
                  return jobs.listJobs(all()).getJobsList();
                },
                found -> !found.isEmpty());
    end(holder);
    settling.settleAll();

    Job failed = new JobWait(jobs).ended(kept.getFirst().getId());
    assertThat(failed.getStatus()).isEqualTo("failed");
    assertThat(failed.getReason()).contains("cannot execute 'no-such-command'");
  }

  private static ListJobsRequest all() {
    return ListJobsRequest.newBuilder().setShowEnded(true).build();
  }

  /** Also by another of its names: it can be mounted at one place of a job. */
  @Test
  void aVolumeThatIsNamedTwiceIsTheCallersMistake() {
    String id = create("data").getId();
    Footprint before = footprint();
    for (String again : List.of("data", id)) {
      Refused refused =
          Refused.by(() ->
              jobs.runJob(
                  run("true")
                      .addVolumes(VolumeMount.newBuilder().setVolume("data").setMountPath("/one"))
                      .addVolumes(VolumeMount.newBuilder().setVolume(again).setMountPath("/two"))
                      .build()));

      assertThat(refused.code()).as(again).isEqualTo(Code.INVALID_ARGUMENT);
      assertThat(refused.fields()).as(again).containsExactly("volumes[1].volume");
    }
    assertThat(footprint().withoutRecords()).isEqualTo(before.withoutRecords());
  }

  @Test
  void limitsThatNothingIsLimitedByAreSaidToBeNone() {
    Job job =
        jobs.runJob(
                run("true")
                    .setIoLimits(IoLimits.newBuilder().setReadIops(5).setWriteBps(1 << 20))
                    .build())
            .getJob();

    assertThat(job.getWarningsList())
        .contains("reading and writing are not limited: the job has no volume");
  }

  @Test
  void aDirectoryThatIsNoRootFileSystemIsTheCallersMistake() {
    create("data");
    Footprint before = footprint();
    for (String directory : List.of("/no/such/directory", "/etc/passwd", "/proc/self/cwd")) {
      Refused refused =
          Refused.by(() ->
              jobs.runJob(
                  run("true")
                      .setFilesystem(
                          JobFilesystem.newBuilder()
                              .setUserland(Userland.DIRECTORY)
                              .setDirectory(directory))
                      .build()));

      assertThat(refused.code()).as(directory).isEqualTo(Code.INVALID_ARGUMENT);
      assertThat(refused.fields()).as(directory).containsExactly("filesystem.directory");
      assertThat(refused.message()).contains(directory).doesNotContain("java.nio");
    }
    assertThat(footprint().withoutRecords()).isEqualTo(before.withoutRecords());
  }

  @Test
  void ofManyThatRemoveTheSameJobOneDoesAndTheOthersHearThatItIsGone() {
    for (int i = 0; i < 5; i++) {
      jobs.runAttached(run("true").setJobId("j").build()).forEachRemaining(o -> {});
      RemoveJobRequest request = RemoveJobRequest.newBuilder().setJob("j").setForce(true).build();

      List<Clients.Outcome<Object>> outcomes = Clients.together(8, n -> jobs.removeJob(request));

      assertThat(outcomes).filteredOn(Clients.Outcome::won).hasSize(1);
      assertThat(outcomes)
          .filteredOn(o -> !o.won())
          .allMatch(o -> o.refusal().code() == Code.NOT_FOUND);
    }
  }

  @Test
  void ofAHundredWhoRunAJobOfOneNameOneDoes() {
    RunJobRequest request = run("sleep", "60").setJobId("j").build();

    List<Clients.Outcome<Object>> outcomes = Clients.together(100, n -> jobs.runJob(request));

    assertThat(outcomes).filteredOn(Clients.Outcome::won).hasSize(1);
    assertThat(outcomes)
        .filteredOn(o -> !o.won())
        .allMatch(o -> o.refusal().code() == Code.ALREADY_EXISTS);
    assertThat(jobs.listJobs(ListJobsRequest.getDefaultInstance()).getJobsCount()).isOne();
  }
}
