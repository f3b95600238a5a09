package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Volumes of jobs that run: each has a copy of the mounts in a namespace of its own. */
@QuarkusTest
class JobLiveVolumesTest extends ServiceTest {
  private static final int SIGUSR1 = 10;

  private Job start(String name, String script, VolumeMount... mounts) {
    return jobs.runJob(
            RunJobRequest.newBuilder()
                .setJobId(name)
                .addCommand("sh")
                .addCommand("-c")
                .addCommand(script)
                .addAllVolumes(List.of(mounts))
                .build())
        .getJob();
  }

  private static VolumeMount shared(String volume, String path) {
    return VolumeMount.newBuilder()
        .setVolume(volume)
        .setMountPath(path)
        .setAccessMode(AccessMode.SHARED)
        .build();
  }

  private static VolumeMount exclusive(String volume, String path) {
    return VolumeMount.newBuilder().setVolume(volume).setMountPath(path).build();
  }

  private void stop(String job) {
    jobs.stopJob(StopJobRequest.newBuilder().setJob(job).build());
  }

  private void signal(String job, int number) {
    jobs.signalJob(SignalJobRequest.newBuilder().setJob(job).setSignal(number).build());
  }

  /** The job's command on the host; its pid 1 is between it and the supervisor. */
  private static long command(Job job) {
    ProcessHandle init =
        ProcessHandle.of(job.getSupervisorPid()).orElseThrow().children().findFirst().orElseThrow();
    return init.children().findFirst().orElseThrow().pid();
  }

  @Test
  void deletingWhatARunningJobHasIsRefusedWithTheJobAndNotWithItsProcesses() {
    create("data");
    start("j", "cd /data; echo in; sleep 60", exclusive("data", "/data"));
    new JobWait(jobs).said("j", "in");

    Refused refused = Refused.by(() -> delete("data"));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.message()).contains("is held by job 'j' at /data").doesNotContain("pid");
    assertThat(get("data").getStatus()).isEqualTo("in_use");
  }

  @Test
  void detachingWhatTheCommandUsesIsRefusedWithItsPidAndChangesNothing() {
    create(wanted("late").setUid(65534));
    Job job =
        start(
            "j",
            "trap 'cd /; echo out' USR1; cd /late; echo in; while :; do sleep 0.02; done",
            exclusive("late", "/late"));
    new JobWait(jobs).said("j", "in");
    List<String> before = attachments();
    Footprint known = footprint();

    Refused refused = Refused.by(() -> detach("late", "j"));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.message()).contains(Long.toString(command(job)));
    assertThat(refused.inTheWay()).isEqualTo("pid/" + command(job));
    assertThat(attachments()).isEqualTo(before);
    assertThat(footprint().withoutRecords()).isEqualTo(known.withoutRecords());
    signal("j", SIGUSR1);
    new JobWait(jobs).said("j", "out");
    detachWhenFree("late", "j");
    assertThat(attachments()).isEmpty();
    stop("j");
  }

  @Test
  void detachingAFileThatIsHeldOpenIsRefusedWithThePidOfWhoHoldsIt() {
    create(wanted("late").setUid(65534));
    Job job = start("j", "exec 3> /late/f; echo open; exec sleep 3600", exclusive("late", "/late"));
    new JobWait(jobs).said("j", "open");

    Refused refused = Refused.by(() -> detach("late", "j"));

    assertThat(refused.inTheWay()).isEqualTo("pid/" + command(job));
    assertThat(get("late").getStatus()).isEqualTo("in_use");
    stop("j");
    assertThat(get("late").getStatus()).isEqualTo("available");
  }

  /** Without the row version, which counts refusals too. */
  private List<String> attachments() {
    return rows.query("select id || ' ' || state || ' ' || mount_path from attachment order by id");
  }

  /** A sleep that the shell has started before the signal may be in the directory yet. */
  private void detachWhenFree(String volume, String job) {
    org.awaitility.Awaitility.await()
        .ignoreExceptionsInstanceOf(io.grpc.StatusRuntimeException.class)
        .until(() -> {
          detach(volume, job);
          return true;
        });
  }

  @Test
  void aSharedVolumeLeavesOneRunningJobWhileTheOtherGoesOnInIt() throws Exception {
    for (String volume : List.of("tree", "image")) {
      create(wanted(volume).setUid(65534).setInodeLimit(volume.equals("image") ? 64 : 0));
      start("quiet", "echo up; exec sleep 3600", shared(volume, "/a"));
      Job user =
          start(
              "user",
              "trap 'exit 4' USR1; cd /b; echo 1 > f; echo in; while :; do echo 2 > f || exit 1; sleep 0.02; done",
              shared(volume, "/b"));
      new JobWait(jobs).said("user", "in");

      detach(volume, "quiet");

      assertThat(rows.query("select job_name from attachment")).containsExactly("user");
      Path file = Path.of(user.getAttachments(0).getHostPath(), "f");
      Files.delete(file);
      org.awaitility.Awaitility.await().until(() -> Files.exists(file));
      volumes.attachVolume(
          attaching(volume, "quiet")
              .setAccessMode(AccessMode.SHARED)
              .setMountPath("/again")
              .build());
      signal("user", SIGUSR1);
      assertThat(new JobWait(jobs).ended("user").getExitCode()).isEqualTo(4);
      assertThat(rows.query("select mount_path from attachment")).containsExactly("/again");
      stop("quiet");
    }
  }

  @Test
  void anExclusiveVolumeIsOneJobsUntilThatHasEnded() {
    create(wanted("data").setUid(65534));
    start("first", "echo up; exec sleep 3600", exclusive("data", "/d"));
    Footprint known = footprint();

    for (VolumeMount wanted : List.of(exclusive("data", "/d"), shared("data", "/d"))) {
      Refused refused = Refused.by(() -> start("second", "true", wanted));
      assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
      assertThat(refused.inTheWay()).isEqualTo("job/first");
    }
    assertThat(footprint()).isEqualTo(known);
    stop("first");
    start("second", "exit 6", exclusive("data", "/d"));
    assertThat(new JobWait(jobs).ended("second").getExitCode()).isEqualTo(6);
  }

  @Test
  void whatIsReadOnlyIsSoInAllThatIsMountedInIt() throws Exception {
    create(wanted("data").setUid(65534));
    Attachment held = attach("data", "filler");
    Path deep = Files.createDirectories(Path.of(held.getHostPath(), "a/b"));
    Files.writeString(deep.resolve("f"), "kept");
    detach("data", "filler");
    VolumeMount readOnly =
        VolumeMount.newBuilder()
            .setVolume("data")
            .setMountPath("/d")
            .setReadOnly(true)
            .setAccessMode(AccessMode.SHARED)
            .build();

    start(
        "j",
        """
        for try in 'touch /d/x' 'touch /d/a/b/x' 'rm /d/a/b/f' 'mv /d/a /d/c' 'chmod 777 /d/a/b/f'; do
          $try && echo could $try
        done
        cat /d/a/b/f
        echo
        grep ' /d ' /proc/self/mountinfo | grep -v ' ro,'
        echo done
        """,
        readOnly);
    new JobWait(jobs).ended("j");

    String output = new JobWait(jobs).output("j");
    assertThat(output).contains("kept\ndone\n").doesNotContain("could");
    assertThat(output.split("Read-only file system", -1)).hasSize(6);
  }
}
