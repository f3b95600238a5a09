package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.joblet.storage.v1.IdleVolume;
import io.joblet.storage.v1.ReportGrowthResponse;
import io.joblet.storage.v1.ReportHistoryRequest;
import io.joblet.storage.v1.ReportHistoryResponse;
import io.joblet.storage.v1.ReportIdleResponse;
import io.joblet.storage.v1.ReportOperationsResponse;
import io.joblet.storage.v1.ReportRequest;
import io.joblet.storage.v1.ReportUsageResponse;
import io.joblet.storage.v1.TroubledOperation;
import io.joblet.storage.v1.UsageDay;
import io.joblet.storage.v1.VolumeGrowth;
import io.joblet.storage.v1.VolumeUsage;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** {@code rnx report}. */
class ReportTest extends WithDaemon {
  private static final VolumeUsage USAGE =
      VolumeUsage.newBuilder()
          .setVolumeId("id-1")
          .setName("data")
          .setOwner("team-a")
          .setType("filesystem")
          .setProvider("loop")
          .setState("available")
          .setAttached(true)
          .setSizeBytes(1 << 30)
          .setUsedBytes(3 << 28)
          .setUsedInodes(12)
          .setMethod("statfs")
          .setSampledAt(ago(30))
          .build();

  @Test
  void showsWhatVolumesUseAndHowOldThatIs() {
    daemon.answer(
        ReportUsageResponse.newBuilder()
            .addVolumes(USAGE)
            .addVolumes(
                VolumeUsage.newBuilder()
                    .setName("plain")
                    .setOwner("b")
                    .setProvider("directory")
                    .setState("trashed")
                    .setSizeBytes(1 << 20))
            .build());

    assertThat(rnx("report", "usage"))
        .isEqualTo(
            new Outcome(
                0,
                """
                NAME   OWNER   BACKEND    STATE    SIZE   USED     USED %  INODES  AS OF
                data   team-a  loop       in_use   1 GiB  768 MiB  75      12      30s
                plain  b       directory  trashed  1 MiB  -        -       -       -
                """,
                ""));
  }

  @Test
  void passesOwnerAndLimitOnAndAsksForFurtherPages() {
    daemon
        .answer(ReportUsageResponse.newBuilder().addVolumes(USAGE).setNextPageToken("next").build())
        .answer(ReportUsageResponse.newBuilder().addVolumes(USAGE).build());

    Outcome outcome = rnx("report", "usage", "--owner=team-a", "--limit=7", "--format=json");

    assertThat(outcome.out()).contains("\"used_bytes\": 805306368", "\"used_inodes\": 12");
    assertThat(daemon.requests())
        .containsExactly(
            ReportRequest.newBuilder().setOwner("team-a").setPageSize(7).build(),
            ReportRequest.newBuilder()
                .setOwner("team-a")
                .setPageSize(6)
                .setPageToken("next")
                .build());
  }

  @Test
  void saysSinceWhenNobodyHadIt() {
    daemon.answer(
        ReportIdleResponse.newBuilder()
            .addVolumes(
                IdleVolume.newBuilder()
                    .setName("old")
                    .setOwner("o")
                    .setType("memory")
                    .setCreatedAt(ago(5 * 86400))
                    .setLastUsedAt(ago(3 * 86400)))
            .addVolumes(IdleVolume.newBuilder().setName("never").setCreatedAt(ago(7200)))
            .build());

    assertThat(rnx("report", "idle").out().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "NAME OWNER TYPE SIZE USED IDLE AGE",
            "old o memory 0 B - 3d 5d",
            "never - - 0 B - always 2h");
  }

  @Test
  void saysWhenItWillBeFull() {
    daemon.answer(
        ReportGrowthResponse.newBuilder()
            .addVolumes(
                VolumeGrowth.newBuilder()
                    .setName("grows")
                    .setOwner("o")
                    .setBytesPerDay(1 << 20)
                    .setSecondsUntilFull(5 * 86400))
            .addVolumes(
                VolumeGrowth.newBuilder().setName("shrinks").setOwner("o").setBytesPerDay(-1024))
            .build());

    assertThat(rnx("report", "growth").out().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "NAME OWNER SIZE USED PER DAY FULL IN",
            "grows o 0 B 0 B 1 MiB 5d",
            "shrinks o 0 B 0 B -1 KiB -");
  }

  @Test
  void saysWhatFailed() {
    daemon.answer(
        ReportOperationsResponse.newBuilder()
            .addOperations(
                TroubledOperation.newBuilder()
                    .setStartedAt(ago(60))
                    .setOutcome("undone")
                    .setKind("attach")
                    .setVolumeName("data")
                    .setError("it was in the way"))
            .build());

    assertThat(rnx("report", "operations").out())
        .endsWith("60s   undone   attach  data    -      -    it was in the way\n");
  }

  @Test
  void drawsWhatWasUsedDayByDay() {
    daemon.answer(
        ReportHistoryResponse.newBuilder()
            .addDays(day("2026-03-01", 4096))
            .addDays(day("2026-03-02", 0))
            .addDays(day("2026-03-03", 1))
            .addDays(day("2026-03-03", 1024).setType("memory"))
            .build());

    assertThat(rnx("report", "history", "data", "--from=2026-03-01", "--to=2026-03-03"))
        .isEqualTo(
            new Outcome(
                0,
                """
                DAY         TYPE        VOLUMES  SIZE   USED   USED, DRAWN
                2026-03-01  filesystem  1        8 KiB  4 KiB  ########################################
                2026-03-02  filesystem  1        8 KiB  0 B    -
                2026-03-03  filesystem  1        8 KiB  1 B    #
                2026-03-03  memory      1        8 KiB  1 KiB  ########################################
                """,
                ""));
    assertThat(daemon.request(ReportHistoryRequest.class))
        .isEqualTo(
            ReportHistoryRequest.newBuilder()
                .setVolume("data")
                .setFrom("2026-03-01")
                .setTo("2026-03-03")
                .build());
  }

  @Test
  void saysForProgramsWhatSumsDoNotHave() {
    daemon.answer(ReportHistoryResponse.newBuilder().addDays(day("2026-03-01", 4096)).build());

    assertThat(rnx("report", "history", "--format=json").out())
        .contains("\"day\": \"2026-03-01\"", "\"last_bytes\": 4096", "\"max_bytes\": null");
  }

  private static UsageDay.Builder day(String day, long used) {
    return UsageDay.newBuilder()
        .setDay(day)
        .setType("filesystem")
        .setVolumes(1)
        .setSizeBytes(8192)
        .setLastBytes(used);
  }

  @Test
  void saysSoWhenThereIsNothing() {
    daemon.answer(ReportOperationsResponse.getDefaultInstance());

    assertThat(rnx("report", "operations").err()).isEqualTo("nothing failed\n");
  }

  private static Timestamp ago(long seconds) {
    Instant then = Outcome.NOW.minusSeconds(seconds);
    return Timestamp.newBuilder().setSeconds(then.getEpochSecond()).build();
  }
}
