package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.CreateVolumeResponse;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorsTest extends WithDaemon {
  @Test
  void namesEveryFieldAtFault() {
    daemon.refuse(
        refusal(
            Code.INVALID_ARGUMENT,
            "the request is not valid",
            BadRequest.newBuilder()
                .addFieldViolations(violation("name", "must end with a letter or digit"))
                .addFieldViolations(violation("size_bytes", "must be at least 1 MiB"))
                .build()));

    assertThat(rnx("volume", "create", "x-", "--size=1"))
        .isEqualTo(
            new Outcome(
                1,
                "",
                """
                rnx: the request is not valid
                  name: must end with a letter or digit
                  size_bytes: must be at least 1 MiB
                """));
  }

  @Test
  void saysWhatDiffersFromTheExistingVolume() {
    daemon.refuse(
        refusal(
            Code.ALREADY_EXISTS,
            "volume 'data' exists",
            ErrorInfo.newBuilder()
                .setReason("VOLUME_EXISTS")
                .putMetadata("size_bytes", "exists with 1, asked for 2")
                .putMetadata("labels", "differ")
                .build()));

    assertThat(rnx("volume", "create", "data", "--size=2"))
        .isEqualTo(
            new Outcome(
                1,
                "",
                """
                rnx: volume 'data' exists
                  labels: differ
                  size_bytes: exists with 1, asked for 2
                """));
  }

  @Test
  void namesTheProcessInTheWay() {
    daemon.refuse(
        refusal(
            Code.FAILED_PRECONDITION,
            "volume 'data' is in use",
            PreconditionFailure.newBuilder()
                .addViolations(
                    PreconditionFailure.Violation.newBuilder()
                        .setType("PROCESS")
                        .setSubject("pid 4711")
                        .setDescription("dd has /data open"))
                .build()));

    assertThat(rnx("volume", "detach", "data"))
        .isEqualTo(
            new Outcome(1, "", "rnx: volume 'data' is in use\n  pid 4711: dd has /data open\n"));
  }

  @Test
  void doesNotSayInADetailWhatTheFirstLineSays() {
    daemon.refuse(
        refusal(
            Code.INVALID_ARGUMENT,
            "name: must end with a letter or digit",
            BadRequest.newBuilder()
                .addFieldViolations(violation("name", "must end with a letter or digit"))
                .build()));
    assertThat(rnx("volume", "create", "x-", "--size=1"))
        .isEqualTo(new Outcome(1, "", "rnx: name: must end with a letter or digit\n"));

    daemon.refuse(
        refusal(
            Code.FAILED_PRECONDITION,
            "volume 'data' is in use by pid 7",
            PreconditionFailure.newBuilder()
                .addViolations(
                    PreconditionFailure.Violation.newBuilder()
                        .setType("PROCESS")
                        .setSubject("pid/7")
                        .setDescription("volume 'data' is in use by pid 7"))
                .build()));
    assertThat(rnx("volume", "detach", "data"))
        .isEqualTo(new Outcome(1, "", "rnx: volume 'data' is in use by pid 7\n"));
  }

  @Test
  void namesTheLimit() {
    daemon.refuse(
        refusal(
            Code.RESOURCE_EXHAUSTED,
            "no room",
            QuotaFailure.newBuilder()
                .addViolations(
                    QuotaFailure.Violation.newBuilder()
                        .setSubject("memory budget")
                        .setDescription("1 GiB of 1 GiB is taken"))
                .build()));

    assertThat(rnx("volume", "create", "m", "--size=1GB", "--type=memory"))
        .isEqualTo(new Outcome(1, "", "rnx: no room\n  memory budget: 1 GiB of 1 GiB is taken\n"));
  }

  @Test
  void pointsToTheListWhenAVolumeIsNotThere() {
    daemon.refuse(refusal(Code.NOT_FOUND, "there is no volume 'x'"));

    assertThat(rnx("volume", "inspect", "x"))
        .isEqualTo(
            new Outcome(
                1, "", "rnx: there is no volume 'x'\n  'rnx volume list' shows what there is\n"));
  }

  @Test
  void forgesNoLinesFromADaemonsWords() {
    daemon.refuse(refusal(Code.NOT_FOUND, "no\u001b[2J\nrnx: all is well"));

    assertThat(rnx("volume", "inspect", "x").err())
        .startsWith("rnx: no\\u001b[2J\\u000arnx: all is well\n");
  }

  @Test
  void repeatsACallWithTheSameRequestIdWhenTheDatabaseWasAwayForAMoment() {
    daemon
        .refuse(refusal(Code.UNAVAILABLE, "PostgreSQL is away", retryIn(1)))
        .answer(CreateVolumeResponse.newBuilder().setVolume(Samples.data()).build());

    Outcome outcome = rnx("volume", "create", "data", "--size=1GB");

    assertThat(outcome.status()).isZero();
    assertThat(daemon.requests()).hasSize(2);
    assertThat(daemon.requests().get(1)).isEqualTo(daemon.requests().get(0));
    assertThat(((CreateVolumeRequest) daemon.requests().get(0)).getRequestId()).isNotEmpty();
  }

  @Test
  void saysHowToFindOutWhatBecameOfACall() {
    daemon
        .refuse(refusal(Code.UNAVAILABLE, "PostgreSQL is away", retryIn(1)))
        .refuse(refusal(Code.UNAVAILABLE, "PostgreSQL is away", retryIn(1)));

    assertThat(rnx("volume", "create", "data", "--size=1GB", "--request-id=mine"))
        .isEqualTo(
            new Outcome(
                1,
                "",
                """
                rnx: PostgreSQL is away
                  it may have been carried out or not; the same command with --request-id=mine finds out, and does nothing twice
                """));
  }

  @Test
  void doesNotWaitForADaemonThatAsksForMorePatienceThanItHas() {
    daemon.refuse(refusal(Code.UNAVAILABLE, "PostgreSQL is away", retryIn(3_600_000)));

    assertThat(rnx("volume", "list").status()).isEqualTo(1);
    assertThat(daemon.requests()).hasSize(1);
  }

  @Test
  void doesNotRepeatWhatMayNotBeRepeated() {
    daemon.refuse(refusal(Code.UNAVAILABLE, "PostgreSQL is away"));

    assertThat(rnx("admin", "sweep", "trash"))
        .isEqualTo(new Outcome(1, "", "rnx: PostgreSQL is away\n  try again\n"));
    assertThat(daemon.requests()).hasSize(1);
  }

  @Test
  void saysHowToStartADaemonThatIsNotThere(@TempDir Path empty) {
    Path socket = empty.resolve("none.sock");

    assertThat(Outcome.of(Map.of(), "volume", "list", "--socket=" + socket))
        .isEqualTo(
            new Outcome(
                1,
                "",
                """
                rnx: the daemon is not running; there is no socket %s
                  start it with: systemctl start joblet-storage (or ./run in its source tree)
                  it listens elsewhere? --socket PATH or RNX_SOCKET says where
                """
                    .formatted(socket)));
  }

  @Test
  void knowsASocketThatNobodyListensOn(@TempDir Path left) throws IOException {
    Path socket = left.resolve("left.sock");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));
    }

    Outcome outcome = Outcome.of(Map.of("JOBLET_SOCKET", socket.toString()), "admin", "node");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("rnx: the daemon is not running; nobody listens on " + socket + "\n");
  }

  @Test
  void givesUpOnADaemonThatAcceptsAndIsSilent(@TempDir Path mute) throws IOException {
    Path socket = mute.resolve("mute.sock");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));

      Outcome outcome =
          Outcome.of(Map.of(), "volume", "list", "--socket=" + socket, "--timeout=200ms");

      assertThat(outcome)
          .isEqualTo(
              new Outcome(
                  1,
                  "",
                  "rnx: the daemon did not answer in time\n  try again\n  --timeout waits longer\n"));
    }
  }

  @Test
  void aRefusedBackupSaysItsOwnReason(@TempDir Path state) throws IOException {
    Path file = Files.writeString(state.resolve("file"), "mine");
    String directory = "--state-directory=" + state;

    assertThat(Outcome.of(Map.of(), "admin", "backup", file.toString(), directory))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "copying the database ...\nrnx: %s exists and is not replaced\n".formatted(file)));
    assertThat(Outcome.of(Map.of(), "admin", "restore", file.toString(), directory).err())
        .endsWith("\nrnx: " + file + " is no backup of a version that this rnx knows\n");
    assertThat(Outcome.of(Map.of(), "admin", "restore", state.toString(), directory).err())
        .endsWith("\nrnx: " + state + " is no regular file\n");
    assertThat(
            Outcome.of(Map.of("JOBLET_DATABASE_URL", "jdbc:x"), "admin", "backup", file.toString())
                .err())
        .startsWith("rnx: the database is an external PostgreSQL; ");
  }

  @Test
  void aBackupNeedsNames() {
    assertThat(Outcome.of(Map.of(), "admin", "backup", "").err())
        .startsWith("rnx: Invalid value for positional parameter at index 0 (FILE): ")
        .contains("must not be empty");
    assertThat(Outcome.of(Map.of(), "admin", "restore", "file", "--state-directory=").err())
        .startsWith("rnx: Invalid value for option '--state-directory': must not be empty");
    assertThat(Outcome.of(Map.of("JOBLET_STATE_DIRECTORY", ""), "admin", "backup", "x").err())
        .isEqualTo("rnx: JOBLET_STATE_DIRECTORY must not be empty\n");
  }

  @Test
  void showsAStackTraceOnlyWhenAskedFor() {
    daemon
        .refuse(refusal(Code.NOT_FOUND, "there is no volume 'x'"))
        .refuse(refusal(Code.NOT_FOUND, "there is no volume 'x'"));

    Outcome quiet = rnx("volume", "inspect", "x");
    Outcome loud =
        Outcome.of(
            Map.of("RNX_SOCKET", daemon.socket().toString(), "RNX_DEBUG", "1"),
            "volume",
            "inspect",
            "x");

    assertThat(quiet.err()).doesNotContain("\tat ");
    assertThat(loud.err()).contains("StatusRuntimeException", "\tat ");
  }

  private static StatusRuntimeException refusal(Code code, String message, Message... details) {
    Status.Builder status = Status.newBuilder().setCode(code.getNumber()).setMessage(message);
    for (Message detail : details) {
      status.addDetails(Any.pack(detail));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  private static BadRequest.FieldViolation violation(String field, String description) {
    return BadRequest.FieldViolation.newBuilder()
        .setField(field)
        .setDescription(description)
        .build();
  }

  private static RetryInfo retryIn(long millis) {
    return RetryInfo.newBuilder()
        .setRetryDelay(
            Duration.newBuilder()
                .setSeconds(millis / 1000)
                .setNanos((int) (millis % 1000) * 1_000_000))
        .build();
  }
}
