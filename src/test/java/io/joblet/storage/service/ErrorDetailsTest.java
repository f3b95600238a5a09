package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.grpc.Status.Code;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

/** Every code that a call can end with, as programs see it. */
@QuarkusTest
class ErrorDetailsTest extends ServiceTest {

  @Test
  void invalidRequestsNameTheirFields() {
    Refused refused = refused(Code.INVALID_ARGUMENT, "INVALID_REQUEST", () -> create("-"));

    assertThat(refused.fields()).containsExactly("name");
  }

  @Test
  void whatIsMissingIsNamed() {
    Refused refused = refused(Code.NOT_FOUND, "VOLUME_NOT_FOUND", () -> get("none"));

    assertThat(refused.resource().getResourceName()).isEqualTo("none");
    assertThat(refused.resource().getDescription()).contains("does not exist");
  }

  @Test
  void whatExistsIsNamed() {
    create("data");

    Refused refused = refused(Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> create("data"));

    assertThat(refused.resource().getResourceType()).isEqualTo("volume");
  }

  @Test
  void whatIsInTheWayIsNamed() {
    create("data");
    attach("data", "job");

    Refused refused = refused(Code.FAILED_PRECONDITION, "JOB_IN_THE_WAY", () -> delete("data"));

    assertThat(refused.inTheWay()).isEqualTo("job/job");
  }

  @Test
  void aLimitThatIsReachedIsNamed() {
    Refused refused =
        refused(
            Code.RESOURCE_EXHAUSTED,
            "LIMIT_REACHED",
            () -> create(wanted("data").setSizeBytes(1L << 40)));

    assertThat(refused.limit()).isNotEmpty();
  }

  @Test
  void whatSomebodyElseChangedCanBeTriedAgainInAMoment() {
    create("data");
    UpdateVolumeRequest stale =
        VolumeLifeTest.resize("data", 32 * MIB).toBuilder().setRowVersion(4711).build();

    Refused refused = refused(Code.ABORTED, "CHANGED_MEANWHILE", () -> volumes.updateVolume(stale));

    assertThat(refused.retry().getRetryDelay())
        .isEqualTo(Duration.newBuilder().setNanos(100_000_000).build());
  }

  @Test
  void aHostThatFailsIsInTheLogUnderTheRequestId() throws IOException {
    Path image = createDamagedImage("data");
    AttachVolumeRequest request = attaching("data", "job").setRequestId("mine-7").build();
    try (Log log = new Log()) {
      Refused refused = refused(Code.INTERNAL, "HOST_FAILED", () -> volumes.attachVolume(request));

      assertThat(refused.request().getRequestId()).isEqualTo("mine-7");
      assertThat(refused.message()).contains(image.getFileName().toString()).endsWith("as mine-7");
      assertLeaksNothing(refused);
      assertThat(log.lines()).anyMatch(l -> l.contains("mine-7") && l.contains("HostException"));
    }
  }

  @Test
  void theUnexpectedSaysNothingButItsIdInTheLog() {
    rows.change(
        "create function boom() returns trigger language plpgsql as $$ begin "
            + "raise exception 'a secret of /var/lib/joblet'; end $$");
    rows.change("create trigger boom before insert on volume execute function boom()");
    try (Log log = new Log()) {
      Refused refused = refused(Code.INTERNAL, "UNEXPECTED", () -> create("data"));
      Refused second =
          refused(Code.INTERNAL, "UNEXPECTED", () -> create(wanted("data").setRequestId("mine-8")));

      String id = refused.request().getRequestId();
      assertThat(id).isNotEmpty().isNotEqualTo("mine-8");
      assertThat(refused.message()).isEqualTo("internal error; the daemon's log has it as " + id);
      assertLeaksNothing(refused);
      assertThat(refused.status().toString()).doesNotContain("secret");
      assertThat(second.request().getRequestId()).isEqualTo("mine-8");
      assertThat(log.lines())
          .anyMatch(l -> l.contains("incident " + id) && l.contains("a secret of"))
          .anyMatch(l -> l.contains("incident mine-8"));
    } finally {
      rows.change("drop trigger boom on volume");
      rows.change("drop function boom()");
    }
  }

  @Test
  void callsOfTheAdminServiceAreRefusedAlike() {
    refused(
        Code.INVALID_ARGUMENT,
        "INVALID_REQUEST",
        () -> admin.sweep(SweepRequest.getDefaultInstance()));
  }

  private static Refused refused(
      Code code, String reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    Refused refused = Refused.by(call);
    assertThat(refused.code()).isEqualTo(code);
    assertThat(refused.error().getReason())
        .isEqualTo(reason)
        .matches("[A-Z][A-Z0-9_]{1,61}[A-Z0-9]");
    assertThat(refused.error().getDomain()).isEqualTo("storage.joblet.io");
    return refused;
  }

  private void assertLeaksNothing(Refused refused) {
    assertThat(refused.status().toString())
        .doesNotContain(config.volumesDirectory(), config.jobsDirectory(), "/var/", "/proc/")
        .doesNotContain("Exception", "\tat ", ".java");
  }

  /** What the daemon logs meanwhile, stack traces included. */
  private static final class Log extends Handler implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    Log() {
      setFormatter(new PatternFormatter("%s%e"));
      root.addHandler(this);
    }

    List<String> lines() {
      return lines;
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(getFormatter().format(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      root.removeHandler(this);
    }
  }
}
