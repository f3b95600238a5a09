package io.joblet.storage.cli;

import static io.joblet.storage.cli.Samples.begun;
import static io.joblet.storage.cli.Samples.ended;
import static io.joblet.storage.cli.Samples.errors;
import static io.joblet.storage.cli.Samples.exited;
import static io.joblet.storage.cli.Samples.output;
import static io.joblet.storage.cli.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.IoLimits;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.Network;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RemoveJobResponse;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.RunJobResponse;
import io.joblet.storage.v1.Userland;
import io.joblet.storage.v1.VolumeMount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code rnx run} sends, prints and returns; more in RunOutputTest and RunSignalsTest. */
class RunTest extends WithDaemon {
  private static final String WARNING =
      "rnx: warning: buffered writes are not limited on this host\n";

  @Test
  void asksForEverythingThatWasSaid() {
    daemon.stream(begun(running()), ended(exited(0)));

    Outcome outcome =
        rnx(
            ("run --volume=data:/data --volume=cache:/cache:ro,shared --volume=m:/m:shared-ro"
                    + " --volume=bare --work-size=64MB --tmp-size=2MB --shm-size=3MB --read-bps=10MB"
                    + " --write-bps=1KB --read-iops=5 --write-iops=6 --user=1000:4294967294"
                    + " --rootfs=/srv/root --network=host --workdir=/data --pids-limit=7"
                    + " --log-size=1GB --name=build-17 --env=A=b=c make -j 2")
                .split(" "));

    assertThat(outcome).isEqualTo(new Outcome(0, "", WARNING));
    assertThat(daemon.request(RunJobRequest.class))
        .isEqualTo(
            RunJobRequest.newBuilder()
                .setJobId("build-17")
                .addCommand("make")
                .addCommand("-j")
                .addCommand("2")
                .putEnvironment("A", "b=c")
                .setWorkingDirectory("/data")
                .setFilesystem(
                    JobFilesystem.newBuilder()
                        .setUserland(Userland.DIRECTORY)
                        .setDirectory("/srv/root")
                        .setWorkSizeBytes(64 << 20)
                        .setTmpSizeBytes(2 << 20)
                        .setShmSizeBytes(3 << 20)
                        .setUid(1000)
                        .setGid(-2))
                .addVolumes(VolumeMount.newBuilder().setVolume("data").setMountPath("/data"))
                .addVolumes(
                    VolumeMount.newBuilder()
                        .setVolume("cache")
                        .setMountPath("/cache")
                        .setReadOnly(true)
                        .setAccessMode(AccessMode.SHARED))
                .addVolumes(
                    VolumeMount.newBuilder()
                        .setVolume("m")
                        .setMountPath("/m")
                        .setAccessMode(AccessMode.SHARED_READ_ONLY))
                .addVolumes(VolumeMount.newBuilder().setVolume("bare"))
                .setIoLimits(
                    IoLimits.newBuilder()
                        .setReadBps(10 << 20)
                        .setWriteBps(1 << 10)
                        .setReadIops(5)
                        .setWriteIops(6))
                .setNetwork(Network.HOST_NETWORK)
                .setPidsLimit(7)
                .setLogSizeBytes(1 << 30)
                .build());
  }

  @Test
  void leavesToTheDaemonWhatWasNotSaid() {
    daemon.stream(begun(running()), ended(exited(0)));

    assertThat(rnx("run", "true").status()).isZero();

    assertThat(daemon.request(RunJobRequest.class))
        .isEqualTo(
            RunJobRequest.newBuilder()
                .addCommand("true")
                .setFilesystem(JobFilesystem.getDefaultInstance())
                .setIoLimits(IoLimits.getDefaultInstance())
                .setNetwork(Network.NONE)
                .build());
  }

  @Test
  void takesNothingFromTheCommandForAnOptionOfItsOwn() {
    daemon.stream(begun(running()), ended(exited(0))).stream(begun(running()), ended(exited(0)));

    assertThat(rnx("run", "-q", "sh", "-q", "--volume=x", "--", "-d", "@f", "", "--help").status())
        .isZero();
    assertThat(rnx("run", "-q", "--", "--odd", "--", "-d").status()).isZero();

    assertThat(((RunJobRequest) daemon.requests().get(0)).getCommandList())
        .containsExactly("sh", "-q", "--volume=x", "--", "-d", "@f", "", "--help");
    assertThat(((RunJobRequest) daemon.requests().get(1)).getCommandList())
        .containsExactly("--odd", "--", "-d");
  }

  @Test
  void printsEachStreamToItsOwn() {
    daemon.stream(
        begun(running()), output(1, "to stdout\n"), errors(2, "to stderr\n"), ended(exited(0)));

    assertThat(rnx("run", "--quiet", "true"))
        .isEqualTo(new Outcome(0, "to stdout\n", "to stderr\n"));
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "125", "126", "127", "255"})
  void returnsTheExitCodeOfTheCommand(int code) {
    daemon.stream(begun(running()), ended(exited(code)));

    assertThat(rnx("run", "-q", "true")).isEqualTo(new Outcome(code, "", ""));
  }

  @Test
  void returns128AndTheSignalThatEndedTheCommand() {
    daemon.stream(begun(running()), ended(running().setStatus("killed").setSignal(9)));

    assertThat(rnx("run", "-q", "true")).isEqualTo(new Outcome(137, "", ""));
  }

  @ParameterizedTest
  @CsvSource({"failed,126", "lost,125"})
  void returnsAStatusOfItsOwnWhereTheCommandHasNone(String status, int code) {
    daemon.stream(begun(running()), ended(running().setStatus(status).setReason("because")));

    assertThat(rnx("run", "-q", "true"))
        .isEqualTo(new Outcome(code, "", "rnx: job build-17 is " + status + ": because\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND,COMMAND_NOT_FOUND,127",
    "FAILED_PRECONDITION,COMMAND_IN_THE_WAY,126",
    "NOT_FOUND,VOLUME_NOT_FOUND,125",
    "FAILED_PRECONDITION,JOB_IN_THE_WAY,125",
    "INTERNAL,HOST_FAILED,125"
  })
  void saysByItsStatusWhyTheCommandDidNotStart(Code code, String reason, int status) {
    daemon.refuse(refusal(code, reason)).refuse(refusal(code, reason));

    Outcome attached = rnx("run", "true");
    Outcome detached = rnx("run", "-d", "true");

    assertThat(attached.status()).isEqualTo(status);
    assertThat(detached.status()).isEqualTo(status);
    assertThat(attached.err()).startsWith("rnx: the daemon's words\n");
    assertThat(attached.out() + detached.out()).isEmpty();
  }

  @Test
  void namesTheJobThatHoldsAVolumeAndWhatToType() {
    daemon.refuse(
        StatusProto.toStatusRuntimeException(
            Status.newBuilder()
                .setCode(Code.FAILED_PRECONDITION_VALUE)
                .setMessage("volume 'data' is held by job 'other'")
                .addDetails(
                    Any.pack(
                        PreconditionFailure.newBuilder()
                            .addViolations(
                                PreconditionFailure.Violation.newBuilder()
                                    .setType("JOB")
                                    .setSubject("job/other")
                                    .setDescription("at /data"))
                            .build()))
                .build()));

    assertThat(rnx("run", "--volume=data", "true"))
        .isEqualTo(
            new Outcome(
                125,
                "",
                """
                rnx: volume 'data' is held by job 'other'
                  job/other: at /data
                  'rnx job inspect other' shows it, 'rnx job stop other' ends it
                """));
  }

  @Test
  void fails125WhenThereIsNoDaemon() {
    Outcome outcome = rnx("run", "--socket=" + directory.resolve("none"), "true");

    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.err())
        .startsWith("rnx: the daemon is not running")
        .doesNotContain("may have begun");
  }

  @Test
  void saysThatAJobMayHaveBegunWhoseAnswerWasLost() {
    daemon.breakOff(io.grpc.Status.UNAVAILABLE.withDescription("gone").asRuntimeException());

    Outcome outcome = rnx("run", "true");

    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.err()).contains("it may have begun or not: 'rnx job list' shows");
    assertThat(daemon.requests()).hasSize(1);
  }

  @Test
  void printsOnlyTheNameOfAJobThatItLeavesRunning() {
    daemon.answer(RunJobResponse.newBuilder().setJob(running()).build());

    Outcome outcome = rnx("run", "--detach", "--request-id=mine", "sleep", "600");

    assertThat(outcome).isEqualTo(new Outcome(0, "build-17\n", WARNING));
    assertThat(daemon.request(RunJobRequest.class).getRequestId()).isEqualTo("mine");
  }

  @Test
  void startsADetachedJobOnceHoweverOftenItAsks() {
    daemon
        .refuse(io.grpc.Status.UNAVAILABLE.asRuntimeException())
        .answer(RunJobResponse.newBuilder().setJob(running()).build());

    assertThat(rnx("run", "-d", "true").out()).isEqualTo("build-17\n");

    assertThat(daemon.requests()).hasSize(2);
    assertThat(daemon.requests().get(1)).isEqualTo(daemon.requests().get(0));
    assertThat(((RunJobRequest) daemon.requests().get(0)).getRequestId()).isNotEmpty();
  }

  @Test
  void removesAJobThatHasEndedWhenAskedTo() {
    daemon.stream(begun(running()), ended(exited(3)))
        .answer(RemoveJobResponse.getDefaultInstance());

    assertThat(rnx("run", "-q", "--rm", "true")).isEqualTo(new Outcome(3, "", ""));

    RemoveJobRequest removal = (RemoveJobRequest) daemon.requests().get(1);
    assertThat(removal.getJob()).isEqualTo(Samples.JOB_ID);
    assertThat(removal.getForce()).isFalse();
  }

  @Test
  void keepsTheStatusOfACommandWhoseJobCannotBeRemoved() {
    daemon.stream(begun(running().clearWarnings()), ended(exited(3).clearWarnings()))
        .refuse(io.grpc.Status.INTERNAL.withDescription("no").asRuntimeException());

    assertThat(rnx("run", "--rm", "true"))
        .isEqualTo(new Outcome(3, "", "rnx: warning: it has ended and was not removed: no\n"));
  }

  @Test
  void saysWarningsThatComeLateAndNoneTwice() {
    daemon.stream(begun(running()), ended(exited(0).addWarnings("memory\u001b was short")));

    assertThat(rnx("run", "true").err())
        .isEqualTo(WARNING + "rnx: warning: memory\\u001b was short\n");
  }

  private static StatusRuntimeException refusal(Code code, String reason) {
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage("the daemon's words")
            .addDetails(Any.pack(ErrorInfo.newBuilder().setReason(reason).build()))
            .build());
  }
}
