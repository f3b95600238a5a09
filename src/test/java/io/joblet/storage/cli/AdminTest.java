package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.joblet.storage.v1.AuditEntry;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.DoctorResponse;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.GetNodeResponse;
import io.joblet.storage.v1.ListAuditRequest;
import io.joblet.storage.v1.ListAuditResponse;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.RecoverResponse;
import io.joblet.storage.v1.RecoverableVolume;
import io.joblet.storage.v1.SampleUsageRequest;
import io.joblet.storage.v1.SampleUsageResponse;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.SweepResponse;
import io.joblet.storage.v1.SweptItem;
import org.junit.jupiter.api.Test;

class AdminTest extends WithDaemon {
  @Test
  void listsTheAuditPageByPage() {
    AuditEntry entry =
        AuditEntry.newBuilder()
            .setAt(Timestamp.newBuilder().setSeconds(Outcome.NOW.minusSeconds(60).getEpochSecond()))
            .setPrincipal("cn:alice")
            .setSource("10.0.0.7:41234")
            .setMethod("AttachVolume")
            .setTarget("data")
            .setRelated("build-17")
            .setOutcome("NOT_FOUND")
            .setMessage("there is no volume 'data'")
            .build();
    daemon
        .answer(ListAuditResponse.newBuilder().addEntries(entry).setNextPageToken("next").build())
        .answer(ListAuditResponse.newBuilder().addEntries(entry).build());

    Outcome outcome = rnx("admin", "audit", "--owner=alice", "--limit=7");

    assertThat(outcome.out())
        .startsWith("WHEN")
        .endsWith(
            "60s   cn:alice  10.0.0.7:41234  AttachVolume  data    build-17  NOT_FOUND"
                + "  there is no volume 'data'\n");
    assertThat(daemon.requests())
        .containsExactly(
            ListAuditRequest.newBuilder().setOwner("alice").setPageSize(7).build(),
            ListAuditRequest.newBuilder()
                .setOwner("alice")
                .setPageSize(6)
                .setPageToken("next")
                .build());
  }

  @Test
  void showsInTheAuditWhatWasAskedFor() {
    AuditEntry entry =
        AuditEntry.newBuilder()
            .setAt(Timestamp.newBuilder().setSeconds(Outcome.NOW.minusSeconds(60).getEpochSecond()))
            .setPrincipal("cn:alice")
            .setRole("maintainer")
            .setSource("10.0.0.7:41234")
            .setMethod("CreateVolume")
            .setTarget("data")
            .setOutcome("OK")
            .setRequestId("r-1")
            .setWanted("{\"size_bytes\":\"1\\u001b\"}\u001b[31m")
            .build();
    daemon.answer(ListAuditResponse.newBuilder().addEntries(entry).build());

    assertThat(rnx("admin", "audit", "--wide").out().replaceAll(" +", " "))
        .isEqualTo(
            "WHEN WHO ROLE FROM WHAT TARGET RELATED OUTCOME MESSAGE REQUEST ID WANTED\n"
                + "60s cn:alice maintainer 10.0.0.7:41234 CreateVolume data - OK - r-1"
                + " {\"size_bytes\":\"1\\u001b\"}\\u001b[31m\n");
  }

  private static final Finding PINNED =
      Finding.newBuilder()
          .setSeverity(Finding.Severity.WARNING)
          .setKind("pinned-mount")
          .setSubject("/opt/joblet/jobs/j/data")
          .setMessage("Process 4711 (dd) keeps it busy.")
          .build();

  @Test
  void exitsWithOneWhileAWarningRemains() {
    daemon.answer(
        DoctorResponse.newBuilder()
            .setVolumesChecked(2)
            .setAttachmentsChecked(1)
            .addFindings(PINNED)
            .build());

    assertThat(rnx("volume", "doctor"))
        .isEqualTo(
            new Outcome(
                1,
                """
                warning pinned-mount: /opt/joblet/jobs/j/data
                  Process 4711 (dd) keeps it busy.
                checked 2 volumes and 1 attachments: 1 problem
                """,
                ""));
  }

  @Test
  void exitsWithZeroWhenEverythingIsFixedOrHarmless() {
    daemon.answer(
        DoctorResponse.newBuilder()
            .addFindings(PINNED.toBuilder().setFixed(true).setRemedy("unmounted it"))
            .addFindings(PINNED.toBuilder().setSeverity(Finding.Severity.INFO))
            .build());

    Outcome outcome = rnx("volume", "doctor", "--fix");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out())
        .contains("fixed pinned-mount", "  done: unmounted it\n", "no problems\n");
    assertThat(daemon.request(DoctorRequest.class).getFix()).isTrue();
  }

  @Test
  void sweepsWithADryRun() {
    daemon.answer(
        SweepResponse.newBuilder()
            .addItems(SweptItem.newBuilder().setId("1").setName("cache").setReason("idle for 2h"))
            .build());

    assertThat(rnx("admin", "sweep", "idle", "--dry-run"))
        .isEqualTo(
            new Outcome(
                0,
                """
                NAME   ID  OUTCOME         REASON
                cache  1   would be swept  idle for 2h
                """,
                ""));
    assertThat(daemon.request(SweepRequest.class))
        .isEqualTo(
            SweepRequest.newBuilder().setKind(SweepRequest.Kind.IDLE).setDryRun(true).build());
  }

  @Test
  void exitsWithOneWhenASweepFailedOnSomething() {
    daemon.answer(
        SweepResponse.newBuilder()
            .addItems(SweptItem.newBuilder().setId("1").setName("j").setError("busy: pid 4711"))
            .build());

    Outcome outcome = rnx("admin", "sweep", "orphans");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).contains("failed: busy: pid 4711");
  }

  private static final String PLAN = "8f14e45f-ceea-367a-9a36-dedd4bea2543";

  private static RecoverResponse.Builder recoverable() {
    return RecoverResponse.newBuilder()
        .setPlan(PLAN)
        .addVolumes(
            RecoverableVolume.newBuilder()
                .setAction(RecoverableVolume.Action.ADOPT)
                .setName("data")
                .setOwner("alice")
                .setProvider("btrfs")
                .setSizeBytes(1 << 20)
                .setUsedBytes(16384)
                .setPlace("1"))
        .addVolumes(
            RecoverableVolume.newBuilder()
                .setAction(RecoverableVolume.Action.LEAVE)
                .setPlace("x")
                .setNote("its name is no volume's"));
  }

  @Test
  void showsWhatWouldBeRecoveredAndDoesNothing() {
    daemon.answer(recoverable().build());

    Outcome outcome = rnx("admin", "recover");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            """
            TO DO  NAME  OWNER  KIND   SIZE   USED    PLACE  NOTE
            adopt  data  alice  btrfs  1 MiB  16 KiB  1      -
            leave  -     -      -      -      -       x      its name is no volume's
            """);
    assertThat(outcome.err())
        .contains(
            "1 to bring back; nothing was changed. To do just this: rnx admin recover --plan="
                + PLAN);
    assertThat(daemon.request(RecoverRequest.class).getCarryOut()).isFalse();
  }

  @Test
  void recoversWhatWasShownAndSaysWhatRemains() {
    RecoverResponse.Builder done = recoverable();
    done.getVolumesBuilder(0).setDone(true);
    daemon
        .answer(recoverable().build())
        .answer(done.build())
        .answer(
            DoctorResponse.newBuilder()
                .addFindings(Finding.newBuilder().setSeverity(Finding.Severity.WARNING))
                .build());

    Outcome outcome = rnx("admin", "recover", "--yes");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("1 problems remain");
    assertThat(daemon.requests().get(1))
        .isEqualTo(RecoverRequest.newBuilder().setCarryOut(true).setPlan(PLAN).build());
  }

  @Test
  void recoversJustWhatWasShownBefore() {
    daemon
        .answer(recoverable().build())
        .answer(recoverable().build())
        .answer(DoctorResponse.getDefaultInstance());

    assertThat(rnx("admin", "recover", "--plan=" + PLAN).status()).isZero();

    assertThat(daemon.requests().get(1))
        .isEqualTo(RecoverRequest.newBuilder().setCarryOut(true).setPlan(PLAN).build());
  }

  @Test
  void refusesAPlanThatIsNotWhatWouldBeDoneNow() {
    daemon.answer(recoverable().build());

    Outcome outcome = rnx("admin", "recover", "--plan=" + PLAN.replace('8', '9'));

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("--plan: the pool has changed since that plan was made; nothing was changed")
        .doesNotContain("bringing back", "try again");
    assertThat(daemon.requests()).hasSize(1);
  }

  @Test
  void saysThatItDoesNotKnowWhatBecameOfARecoveryThatBroke() {
    daemon.answer(recoverable().build()).refuse(Status.UNAVAILABLE.asRuntimeException());

    Outcome outcome = rnx("admin", "recover", "--yes");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("it may have been carried out or not: rnx admin recover shows what is left");
  }

  @Test
  void refusesWhatCanBeNoPlansId() {
    Outcome outcome = rnx("admin", "recover", "--plan=foo");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("--plan: 'foo' is no plan's id");
    assertThat(daemon.requests()).isEmpty();
  }

  @Test
  void refusesAnEmptyPlan() {
    Outcome outcome = rnx("admin", "recover", "--plan=");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("--plan: an id is wanted");
    assertThat(daemon.requests()).isEmpty();
  }

  @Test
  void showsTheNode() {
    daemon.answer(
        GetNodeResponse.newBuilder()
            .setName("host-1")
            .setVersion("0.1.0")
            .setProvider("btrfs")
            .setProviderReason("the volumes directory is on btrfs")
            .setPoolSizeBytes(8L << 30)
            .setPoolFreeBytes(6L << 30)
            .setStartedAt(Samples.time("2026-03-01T11:59:00Z"))
            .build());

    assertThat(rnx("admin", "node"))
        .isEqualTo(
            new Outcome(
                0,
                """
                Node:       host-1
                Version:    0.1.0
                Started:    2026-03-01T11:59:00Z (60s ago)
                Provider:   btrfs (the volumes directory is on btrfs)
                Pool:       6 GiB free of 8 GiB
                Allocated:  0 B
                Memory:     0 B allocated of 0 B
                """,
                ""));
  }

  @Test
  void samplesNowAndSaysHowManyVolumes() {
    daemon.answer(SampleUsageResponse.newBuilder().setVolumes(12).setDurationUs(34_567).build());

    assertThat(rnx("admin", "sample"))
        .isEqualTo(new Outcome(0, "sampled 12 volumes in 34 ms\n", ""));
    assertThat(daemon.requests()).containsExactly(SampleUsageRequest.getDefaultInstance());
  }
}
