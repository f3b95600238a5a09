package io.joblet.storage.service;

import static io.joblet.storage.service.UsageFixture.daysAgo;
import static io.joblet.storage.service.UsageFixture.minutes;
import static io.joblet.storage.service.UsageFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.joblet.storage.host.Host.Space;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.usage.UsageSampler;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.ReportHistoryRequest;
import io.joblet.storage.v1.ReportHistoryResponse;
import io.joblet.storage.v1.ReportRequest;
import io.joblet.storage.v1.ReportServiceGrpc;
import io.joblet.storage.v1.ReportServiceGrpc.ReportServiceBlockingStub;
import io.joblet.storage.v1.ReportUsageResponse;
import io.joblet.storage.v1.UsageDay;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeUsage;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Known sizes are written into volumes of each backend, and every view has to agree with them. */
@QuarkusTest
class ReportsTest extends ServiceTest {
  private static final Instant START = daysAgo(3);
  private static final long DAILY = 512 << 10;

  @Inject UsageSampler sampler;

  private UsageFixture usage;
  private ReportServiceBlockingStub reports;

  @BeforeEach
  void forgetWhatOtherTestsLeft() {
    usage = new UsageFixture(rows, sampler);
    usage.forgetEverything();
    rows.change("delete from attachment_history");
    rows.change("delete from host_operation");
    reports = ReportServiceGrpc.newBlockingStub(channel());
  }

  @AfterEach
  void forget() {
    usage.forgetEverything();
  }

  @Test
  void agreeWithTheKernelAboutEveryBackend() {
    Map<String, Volume> made = new TreeMap<>();
    made.put("btrfs", create(wanted("on-btrfs").putLabels("kind", "disk")));
    made.put("loop", create(wanted("on-loop").setInodeLimit(1000).putLabels("kind", "disk")));
    made.put("memory", create(wantedInMemory("in-memory").setSizeBytes(4 * MIB)));
    Map<String, List<Long>> kernel = new TreeMap<>();
    for (int day = 0; day < 3; day++) {
      for (Map.Entry<String, Volume> volume : made.entrySet()) {
        if (day == 0) {
          attach(volume.getValue().getName(), "job-" + volume.getKey());
        }
        write(hostPath(volume.getValue()), "day-" + day, DAILY / 1024);
      }
      usage.sample(minutes(START, day * 1440 + 30));
      made.forEach((backend, volume) ->
          kernel.computeIfAbsent(backend, b -> new java.util.ArrayList<>()).add(used(volume)));
    }
    usage.sample(minutes(START, 3 * 1440));

    // What was written, exactly: the file system's own share does not change.
    for (String backend : List.of("loop", "memory")) {
      List<Long> used = kernel.get(backend);
      assertThat(used.get(1) - used.get(0)).as(backend).isEqualTo(DAILY);
      assertThat(used.get(2) - used.get(1)).as(backend).isEqualTo(DAILY);
    }
    assertThat(kernel.get("memory").get(2)).isEqualTo(3 * DAILY);
    assertThat(kernel.get("btrfs").get(2)).isBetween(3 * DAILY, 3 * DAILY + 128 * 1024);

    for (Map.Entry<String, Volume> entry : made.entrySet()) {
      String where = " where volume_id = '" + entry.getValue().getId() + "'";
      List<Long> used = kernel.get(entry.getKey());
      long size = entry.getValue().getSizeBytes();
      assertThat(
              usage.lines(
                  "select provider, used_bytes, size_bytes, attached from report.usage_now"
                      + where))
          .containsExactly(entry.getKey() + " " + used.get(2) + " " + size + " t");
      assertThat(
              usage.lines(
                  "select min_bytes, avg_bytes, max_bytes, last_bytes from report.usage_by_day"
                      + where
                      + " order by day"))
          .containsExactlyElementsOf(used.stream().map(u -> (u + " ").repeat(4).strip()).toList());
      long slope = Math.round((used.get(2) - used.get(0)) / 2.0);
      assertThat(usage.lines("select bytes_per_day, points, used_bytes from report.growth" + where))
          .containsExactly(slope + " 3 " + used.get(2));
      double full =
          Math.round((size - used.get(2)) / ((used.get(2) - used.get(0)) / 2.0) * 10) / 10.0;
      assertThat(
              Double.parseDouble(
                  rows.query("select days_until_full from report.growth" + where).getFirst()))
          .isEqualTo(full);
      assertThat(
              usage.lines(
                  "select volumes, alone_bytes, shared_bytes from report.top_writers_by_job"
                      + " where job_name = 'job-"
                      + entry.getKey()
                      + "'"))
          .containsExactly("1 " + (used.get(2) - used.get(0)) + " 0");
    }
    assertHistory(made, kernel);
    long disk = kernel.get("btrfs").get(2) + kernel.get("loop").get(2);
    long memory = kernel.get("memory").get(2);
    assertThat(
            usage.lines(
                "select type, volumes, measured, size_bytes, used_bytes from report.usage_by_owner"
                    + " order by type"))
        .containsExactly(
            "filesystem 2 2 " + 32 * MIB + " " + disk, "memory 1 1 " + 4 * MIB + " " + memory);
    assertThat(usage.lines("select label, value, volumes, used_bytes from report.usage_by_label"))
        .containsExactly("kind disk 2 " + disk);
    assertThat(
            usage.lines(
                "select owner, type, volumes, last_bytes from report.usage_by_owner_and_day"
                    + " where day = date '"
                    + START.toString().substring(0, 10)
                    + "' + 2 order by type"))
        .containsExactly("root filesystem 2 " + disk, "root memory 1 " + memory);
    Space pool = host.space(ManagedRoot.VOLUMES);
    assertThat(
            usage.lines(
                "select node, pool_size_bytes, allocated_bytes, memory_allocated_bytes, volumes"
                    + " from report.pool_overcommitment order by sampled_at desc limit 1"))
        .containsExactly("under-test " + pool.sizeBytes() + " " + 32 * MIB + " " + 4 * MIB + " 3");
  }

  /** The same by day, from the daemon: of each volume, and the sums. */
  private void assertHistory(Map<String, Volume> made, Map<String, List<Long>> kernel) {
    made.forEach((backend, volume) ->
        assertThat(history(volume.getName(), "").getDaysList())
            .as(backend)
            .extracting(d -> d.getMinBytes() + " " + d.getMaxBytes() + " " + d.getLastBytes())
            .containsExactlyElementsOf(
                kernel.get(backend).stream().map(u -> (u + " ").repeat(3).strip()).toList()));
    List<String> sums = new java.util.ArrayList<>();
    for (int day = 0; day < 3; day++) {
      String date = START.plus(day, java.time.temporal.ChronoUnit.DAYS).toString().substring(0, 10);
      long disk = kernel.get("btrfs").get(day) + kernel.get("loop").get(day);
      sums.add(date + " filesystem 2 " + disk);
      sums.add(date + " memory 1 " + kernel.get("memory").get(day));
    }
    assertThat(history("", "").getDaysList())
        .extracting(
            d -> d.getDay() + " " + d.getType() + " " + d.getVolumes() + " " + d.getLastBytes())
        .containsExactlyElementsOf(sums);
    assertThat(history("", "root")).isEqualTo(history("", ""));
    assertThat(history("", "nobody").getDaysList()).isEmpty();
    String second = sums.get(2).substring(0, 10);
    assertThat(
            reports
                .reportHistory(
                    ReportHistoryRequest.newBuilder().setFrom(second).setTo(second).build())
                .getDaysList())
        .extracting(UsageDay::getDay)
        .containsExactly(second, second);
  }

  private ReportHistoryResponse history(String volume, String owner) {
    return reports.reportHistory(
        ReportHistoryRequest.newBuilder().setVolume(volume).setOwner(owner).build());
  }

  @Test
  void historyIsOfSoManyDaysAndOfWhatThereIs() {
    create(wantedInMemory("data"));
    ReportHistoryRequest.Builder wrong =
        ReportHistoryRequest.newBuilder().setVolume("data").setOwner("root");

    assertThat(refused(wrong.setFrom("yesterday").setTo("2026-02-30")))
        .containsExactlyInAnyOrder("from", "to", "owner");
    wrong.clearOwner();
    assertThat(refused(wrong.setFrom("2026-03-02").setTo("2026-03-01"))).containsExactly("from");
    assertThat(refused(wrong.setFrom("2024-03-01").setTo("2026-03-02"))).containsExactly("from");
    assertThat(refused(wrong.setFrom("+12026-03-01").clearTo())).containsExactly("from");
    // 2024 had a leap day: 731 days.
    wrong.setFrom("2024-01-01").setTo("2025-12-31");
    assertThat(reports.reportHistory(wrong.build()).getDaysList()).isEmpty();
    assertThat(Refused.by(() -> history("none", "")).code()).isEqualTo(Code.NOT_FOUND);
  }

  private List<String> refused(ReportHistoryRequest.Builder request) {
    return Refused.by(() -> reports.reportHistory(request.build())).fields();
  }

  @Test
  void countInodesWhereTheKernelDoes() {
    Volume loop = create(wanted("on-loop").setInodeLimit(1000));
    Volume memory = create(wantedInMemory("in-memory"));
    attach("on-loop", "job");
    attach("in-memory", "job");
    usage.sample(START);
    List<String> before =
        usage.lines("select used_inodes from report.usage_now order by volume_name");
    for (int i = 0; i < 5; i++) {
      write(hostPath(loop), "file-" + i, 1);
      write(hostPath(memory), "file-" + i, 1);
    }
    usage.sample(minutes(START, 5));

    assertThat(usage.lines("select used_inodes from report.usage_now order by volume_name"))
        .containsExactlyElementsOf(
            before.stream().map(inodes -> "" + (Long.parseLong(inodes) + 5)).toList());
  }

  @Test
  void sayWhichVolumesNobodyUsesAndWhoHadThem() {
    create("never");
    create("once");
    create("now");
    attach("once", "first");
    detach("once", "first");
    attach("now", "second");

    assertThat(rows.query("select volume_name from report.never_used_volumes"))
        .containsExactly("never");
    assertThat(usage.lines("select volume_name, idle_days from report.idle_volumes"))
        .containsExactly("once 0");
    assertThat(
            usage.lines(
                "select volume_name, job_name, access_mode, detached_at is null"
                    + " from report.attachment_history order by attached_at"))
        .containsExactly("once first exclusive f", "now second exclusive t");
    assertThat(reports.reportIdle(ReportRequest.getDefaultInstance()).getVolumesList())
        .extracting(v -> v.getName() + " " + v.hasLastUsedAt())
        .containsExactly("never false", "once true");
  }

  @Test
  void putGrowthDownToNoSingleJobWhereSeveralCanWrite() {
    create(wantedInMemory("shared"));
    String path = attach("shared", "one", AccessMode.SHARED).getHostPath();
    attach("shared", "two", AccessMode.SHARED);
    usage.sample(START);
    write(path, "file", 64);
    usage.sample(minutes(START, 1));

    assertThat(
            usage.lines(
                "select job_name, alone_bytes, shared_bytes from report.top_writers_by_job"
                    + " order by job_name"))
        .containsExactly("one 0 65536", "two 0 65536");
  }

  @Test
  void tellWhatWasUndoneAndWhy() throws Exception {
    create("data");
    Path obstacle = Path.of(config.jobsDirectory(), "job");
    Files.writeString(obstacle, "a file where a directory belongs");
    try {
      Refused.by(() -> attach("data", "job"));
    } finally {
      Files.delete(obstacle);
    }

    assertThat(
            usage.lines(
                "select kind, volume_name, owner, job_name, principal from report.undone_operations"))
        .containsExactly("attach data root job uid:0");
    assertThat(rows.query("select error from report.undone_operations").getFirst()).isNotEmpty();
    assertThat(rows.query("select 1 from report.failed_operations")).isEmpty();
    assertThat(reports.reportOperations(ReportRequest.getDefaultInstance()).getOperationsList())
        .extracting(o -> o.getOutcome() + " " + o.getKind() + " " + o.getVolumeName())
        .containsExactly("undone attach data");
  }

  @Test
  void comeInPagesAndByOwner() {
    for (int i = 0; i < 5; i++) {
      create(wantedInMemory("m" + i));
    }
    usage.sample(START);
    ReportUsageResponse first = reports.reportUsage(request(2, ""));
    ReportUsageResponse second = reports.reportUsage(request(2, first.getNextPageToken()));
    ReportUsageResponse third = reports.reportUsage(request(2, second.getNextPageToken()));

    assertThat(List.of(first, second, third))
        .flatExtracting(ReportUsageResponse::getVolumesList)
        .extracting(VolumeUsage::getName)
        .containsExactly("m0", "m1", "m2", "m3", "m4");
    assertThat(third.getNextPageToken()).isEmpty();
    assertThat(
            reports
                .reportUsage(ReportRequest.newBuilder().setOwner("nobody").build())
                .getVolumesList())
        .isEmpty();
    assertThat(Refused.by(() -> reports.reportUsage(request(-1, "x"))).fields())
        .containsExactlyInAnyOrder("page_size", "page_token");
  }

  private static ReportRequest request(int size, String token) {
    return ReportRequest.newBuilder().setPageSize(size).setPageToken(token).build();
  }

  private String hostPath(Volume volume) {
    return get(volume.getId()).getAttachments(0).getHostPath();
  }

  /**
   * As the kernel has it now, asked for by other means than a sampling does where there are any.
   */
  private long used(Volume volume) {
    UUID id = UUID.fromString(volume.getId());
    if (volume.getProvider().equals("btrfs")) {
      long group = rows.count("select qgroup from volume where id = ?", id);
      return host.qgroup(group).orElseThrow().referencedBytes();
    }
    return host.mountedSpace(Layout.volume(id)).orElseThrow().usedBytes();
  }
}
