package io.joblet.storage.console;

import io.joblet.storage.access.Permission;
import io.joblet.storage.v1.ReportGrowthResponse;
import io.joblet.storage.v1.ReportRequest;
import io.joblet.storage.v1.ReportService;
import io.joblet.storage.v1.VolumeGrowth;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/** What grows, and when it will be full. */
@ApplicationScoped
class GrowthPages {
  private static final List<String> HEADS =
      List.of("Volume", "Owner", "Size", "Used", "Grows by, a day", "Full in");

  private final ReportService reports;

  GrowthPages(@GrpcService ReportService reports) {
    this.reports = reports;
  }

  Reply list(Visit visit) {
    ReportGrowthResponse found =
        visit.ask(
            Permission.REPORT_GROWTH,
            ReportRequest.newBuilder().setPageToken(visit.asked("page")).build(),
            reports::reportGrowth);
    Table table =
        Table.page(HEADS, found.getVolumesList(), GrowthPages::texts, found.getNextPageToken());
    return Reply.page(
        Templates.table(
            visit.frame("Growth", "growth"),
            "By a line through the last 7 days; what is full first comes first.",
            table));
  }

  private static List<String> texts(VolumeGrowth growth) {
    return List.of(
        growth.getName(),
        growth.getOwner(),
        Text.size(growth.getSizeBytes()),
        Text.size(growth.getUsedBytes()),
        Text.size(growth.getBytesPerDay()),
        growth.hasSecondsUntilFull() ? span(growth.getSecondsUntilFull()) : "");
  }

  private static String span(long seconds) {
    Duration left = Duration.ofSeconds(seconds);
    return left.toDays() > 1 ? left.toDays() + " days" : left.toHours() + " hours";
  }
}
