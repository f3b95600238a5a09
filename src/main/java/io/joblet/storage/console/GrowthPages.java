package io.joblet.storage.console;

import io.joblet.storage.v1.ReportGrowthResponse;
import io.joblet.storage.v1.ReportRequest;
import io.joblet.storage.v1.ReportService;
import io.joblet.storage.v1.VolumeGrowth;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/** How use developed, what grows, and when it will be full. */
@ApplicationScoped
class GrowthPages {
  private static final List<String> HEADS =
      List.of("Volume", "Owner", "Size", "Used", "Grows by, a day", "Full in");

  private final ReportService reports;
  private final Plots plots;

  GrowthPages(@GrpcService ReportService reports, Plots plots) {
    this.reports = reports;
    this.plots = plots;
  }

  Reply list(Visit visit) {
    String owner = visit.asked("owner");
    Period period = Period.of(visit);
    ReportGrowthResponse found =
        visit.ask(
            "ReportGrowth",
            ReportRequest.newBuilder().setOwner(owner).setPageToken(visit.asked("page")).build(),
            reports::reportGrowth);
    String rest = owner.isEmpty() ? "" : "&owner=" + Text.encoded(owner);
    Table table =
        Table.page(HEADS, found.getVolumesList(), GrowthPages::texts, found.getNextPageToken())
            .keeping(rest + "&days=" + period.days());
    return Reply.page(
        Templates.growth(
            visit.frame("Growth", "growth"),
            new Growth(
                visit.identity().seesAll(),
                owner,
                plots.ofOwner(visit, owner, period),
                period.choices(rest),
                table)));
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
