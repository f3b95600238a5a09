package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.grpc.Status.Code;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.IoLimits;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.joblet.storage.v1.StreamLogsRequest;
import io.joblet.storage.v1.Userland;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As {@link BadInputTest}, for every field of every call of JobService. */
@QuarkusTest
class JobBadInputTest extends ServiceTest {
  private static final List<String> NO_PATHS =
      List.of(
          "work",
          "..",
          "/..",
          "/work/../etc",
          "/./work",
          "/a\0b",
          "/a\nb",
          "/a\u202eb",
          "/" + "a".repeat(256),
          "/" + "数".repeat(86),
          "/a".repeat(2048),
          "/" + "a".repeat(4096));
  private static final List<Long> NO_SIZES =
      List.of(-1L, 1L, 4095L, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 50);

  private record Bad(String field, Message request) {
    String what() {
      String text = request.toString().replace('\n', ' ');
      return request.getClass().getSimpleName()
          + " "
          + (text.length() > 120 ? text.substring(0, 120) : text);
    }
  }

  private final List<Bad> table = new ArrayList<>();

  @BeforeEach
  void makeSomethingToSpoil() {
    create("data");
  }

  @Test
  void isRefusedWithTheNameOfTheFieldAndChangesNothing() {
    references();
    names();
    commands();
    environments();
    filesystems();
    limits();
    volumesOfJobs();
    rest();
    Footprint before = footprint();
    SoftAssertions.assertSoftly(softly -> {
      for (Bad bad : table) {
        Refused refused = Refused.by(() -> send(bad.request()));
        softly
            .assertThat(refused.code())
            .as("%s: %s", bad.what(), refused.message())
            .isEqualTo(Code.INVALID_ARGUMENT);
        softly.assertThat(refused.fields()).as(bad.what()).contains(bad.field());
        softly.assertThat(refused.message()).as(bad.what()).hasSizeLessThan(1000);
      }
    });
    assertThat(table).hasSizeGreaterThan(200);
    assertThat(footprint()).isEqualTo(before);
  }

  @Test
  void namesEveryFieldAtFaultAtOnce() {
    Refused refused =
        Refused.by(() ->
            jobs.runJob(
                RunJobRequest.newBuilder()
                    .setJobId("-")
                    .setWorkingDirectory("x")
                    .setPidsLimit(-1)
                    .setLogSizeBytes(-1)
                    .setIoLimits(IoLimits.newBuilder().setReadBps(-1).setWriteIops(-1))
                    .build()));

    assertThat(refused.fields())
        .containsExactlyInAnyOrder(
            "job_id",
            "command",
            "working_directory",
            "pids_limit",
            "log_size_bytes",
            "io_limits.read_bps",
            "io_limits.write_iops");
  }

  @Test
  void doesNotRepeatTheValueOfAVariable() {
    Refused refused =
        Refused.by(() -> jobs.runJob(run().putEnvironment("TOKEN", "swordfish\0").build()));

    assertThat(refused.status().toString()).doesNotContain("swordfish");
  }

  private void send(Message request) {
    switch (request) {
      case RunJobRequest r -> jobs.runJob(r);
      case PrepareFilesystemRequest r -> jobs.prepareFilesystem(r);
      case GetJobRequest r -> jobs.getJob(r);
      case ListJobsRequest r -> jobs.listJobs(r);
      case StreamLogsRequest r -> jobs.streamLogs(r).forEachRemaining(o -> {});
      case SignalJobRequest r -> jobs.signalJob(r);
      case StopJobRequest r -> jobs.stopJob(r);
      case RemoveJobRequest r -> jobs.removeJob(r);
      default -> throw new IllegalArgumentException(request.getClass().getName());
    }
  }

  private static RunJobRequest.Builder run() {
    return RunJobRequest.newBuilder().addCommand("true");
  }

  private static PrepareFilesystemRequest.Builder prepare() {
    return PrepareFilesystemRequest.newBuilder().setJobId("job");
  }

  private void bad(String field, Message.Builder request) {
    table.add(new Bad(field, request.build()));
  }

  private void references() {
    for (String none : BadInputTest.NO_REFERENCES) {
      bad("job", GetJobRequest.newBuilder().setJob(none));
      bad("job", StreamLogsRequest.newBuilder().setJob(none));
      bad("job", SignalJobRequest.newBuilder().setJob(none).setSignal(15));
      bad("job", StopJobRequest.newBuilder().setJob(none));
      bad("job", RemoveJobRequest.newBuilder().setJob(none));
    }
  }

  private void names() {
    for (String none : BadInputTest.NO_NAMES) {
      bad("job_id", prepare().setJobId(none));
      if (!none.isEmpty()) {
        bad("job_id", run().setJobId(none));
      }
    }
    for (String id : BadInputTest.NO_REQUEST_IDS) {
      bad("request_id", run().setRequestId(id));
      bad("request_id", prepare().setRequestId(id));
      bad("request_id", RemoveJobRequest.newBuilder().setJob("job").setRequestId(id));
    }
  }

  private void commands() {
    bad("command", RunJobRequest.newBuilder());
    bad("command", RunJobRequest.newBuilder().addCommand("").addCommand("x"));
    bad("command", RunJobRequest.newBuilder().addCommand("tr\0ue"));
    bad("command", run().addCommand("a\0b"));
    bad("command", run().addAllCommand(Collections.nCopies(10_000, "x")));
    // What execve(2) takes of one string, MAX_ARG_STRLEN, with its end.
    bad("command", run().addCommand("a".repeat(128 << 10)));
    bad("command", run().addCommand("数".repeat(44_000)));
    bad("command", RunJobRequest.newBuilder().addCommand("/" + "a".repeat(4096)));
    bad("command", RunJobRequest.newBuilder().addCommand("a".repeat(4096)));
    for (String none : NO_PATHS) {
      bad("working_directory", run().setWorkingDirectory(none));
    }
  }

  private void environments() {
    for (String name : List.of("", "A=B", "A\0", "A\nB")) {
      bad("environment", run().putEnvironment(name, "x"));
    }
    bad("environment", run().putEnvironment("A", "a\0b"));
    bad("environment", run().putEnvironment("A", "a".repeat(128 << 10)));
    bad("environment", run().putEnvironment("A", "数".repeat(44_000)));
    bad("environment", run().putEnvironment("a".repeat(4096), "x"));
    RunJobRequest.Builder many = run();
    for (int i = 0; i < 10_000; i++) {
      many.putEnvironment("A" + i, "x");
    }
    bad("environment", many);
  }

  private void filesystems() {
    for (int userland : new int[] {4, -1, Integer.MAX_VALUE}) {
      filesystem("userland", f -> f.setUserlandValue(userland));
    }
    filesystem("directory", f -> f.setDirectory("/srv"));
    filesystem("directory", f -> f.setUserland(Userland.MINIMAL).setDirectory("/srv"));
    filesystem("directory", f -> f.setUserland(Userland.DIRECTORY));
    for (String none : NO_PATHS) {
      filesystem("directory", f -> f.setUserland(Userland.DIRECTORY).setDirectory(none));
    }
    for (long size : NO_SIZES) {
      filesystem("work_size_bytes", f -> f.setWorkSizeBytes(size));
      filesystem("tmp_size_bytes", f -> f.setTmpSizeBytes(size));
      filesystem("shm_size_bytes", f -> f.setShmSizeBytes(size));
    }
    filesystem("uid", f -> f.setUid(-1));
    filesystem("uid", f -> f.setUid(config.database().embeddedUid()));
    filesystem("gid", f -> f.setGid(-1));
  }

  private void filesystem(String field, Consumer<JobFilesystem.Builder> spoil) {
    JobFilesystem.Builder filesystem = JobFilesystem.newBuilder();
    spoil.accept(filesystem);
    bad("filesystem." + field, run().setFilesystem(filesystem));
    bad("filesystem." + field, prepare().setFilesystem(filesystem));
  }

  private void limits() {
    for (long limit : new long[] {-1, Long.MIN_VALUE}) {
      bad("io_limits.read_bps", run().setIoLimits(IoLimits.newBuilder().setReadBps(limit)));
      bad("io_limits.write_bps", run().setIoLimits(IoLimits.newBuilder().setWriteBps(limit)));
      bad("io_limits.read_iops", run().setIoLimits(IoLimits.newBuilder().setReadIops(limit)));
      bad("io_limits.write_iops", run().setIoLimits(IoLimits.newBuilder().setWriteIops(limit)));
    }
    long tooMany = 1L << 40;
    bad("io_limits.read_iops", run().setIoLimits(IoLimits.newBuilder().setReadIops(tooMany)));
    bad("io_limits.write_iops", run().setIoLimits(IoLimits.newBuilder().setWriteIops(tooMany)));
    for (int network : new int[] {3, -1, Integer.MAX_VALUE}) {
      bad("network", run().setNetworkValue(network));
    }
    for (long pids : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 30, 32769}) {
      bad("pids_limit", run().setPidsLimit(pids));
    }
    for (long size : NO_SIZES) {
      bad("log_size_bytes", run().setLogSizeBytes(size));
    }
  }

  private void volumesOfJobs() {
    for (String none : BadInputTest.NO_REFERENCES) {
      mounts("volume", VolumeMount.newBuilder().setVolume(none));
    }
    for (String path : BadInputTest.NO_MOUNT_PATHS) {
      mounts("mount_path", VolumeMount.newBuilder().setVolume("data").setMountPath(path));
    }
    for (String path : List.of("/work", "/work/x", "/tmp", "/tmp/x/y")) {
      mounts("mount_path", VolumeMount.newBuilder().setVolume("data").setMountPath(path));
    }
    for (int mode : new int[] {4, -1, Integer.MAX_VALUE}) {
      mounts("access_mode", VolumeMount.newBuilder().setVolume("data").setAccessModeValue(mode));
    }
    RunJobRequest.Builder tooMany = run();
    for (int i = 0; i < 65; i++) {
      tooMany.addVolumes(VolumeMount.newBuilder().setVolume("data").setMountPath("/" + i));
    }
    bad("volumes", tooMany);
  }

  private void mounts(String field, VolumeMount.Builder mount) {
    bad("volumes[0]." + field, run().addVolumes(mount));
    bad("volumes[0]." + field, prepare().addVolumes(mount));
  }

  private void rest() {
    for (int signal : new int[] {0, -1, 32, 64, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      bad("signal", SignalJobRequest.newBuilder().setJob("job").setSignal(signal));
    }
    List<Duration> graces = new ArrayList<>(BadInputTest.durationsThatAreNone());
    graces.add(BadInputTest.seconds(3601));
    for (Duration grace : graces) {
      bad("grace", StopJobRequest.newBuilder().setJob("job").setGrace(grace));
    }
    for (int size : new int[] {-1, 1001, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      bad("page_size", ListJobsRequest.newBuilder().setPageSize(size));
    }
    for (String token : List.of("a", "%", "a".repeat(22) + "=", "a\0", "é", "a".repeat(4096))) {
      bad("page_token", ListJobsRequest.newBuilder().setPageToken(token));
    }
    for (long pid : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      bad("liveness.pid", prepare().setLiveness(Liveness.newBuilder().setPid(pid)));
    }
    for (Duration lease : BadInputTest.durationsThatAreNone()) {
      bad("liveness.lease", prepare().setLiveness(Liveness.newBuilder().setLease(lease)));
    }
  }
}
