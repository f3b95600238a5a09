package io.joblet.storage.console;

import io.joblet.storage.v1.ReportHistoryRequest;
import io.joblet.storage.v1.ReportService;
import io.joblet.storage.v1.UsageDay;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Stream;

/** Plots of what was used day by day; a type of volumes that there is nothing of has none. */
@ApplicationScoped
class Plots {
  private final ReportService reports;

  Plots(@GrpcService ReportService reports) {
    this.reports = reports;
  }

  /** Of one volume: at most one. */
  List<Plot> ofVolume(Visit visit, String id, Period period) {
    List<UsageDay> days = ask(visit, ReportHistoryRequest.newBuilder().setVolume(id), period);
    return days.isEmpty() ? List.of() : List.of(Plot.of("use", "Used, by day", period, days));
  }

  /**
   * Of all volumes: on disk, and in memory.
   *
   * @param owner whose; of all that the visitor may see if empty
   */
  List<Plot> ofOwner(Visit visit, String owner, Period period) {
    List<UsageDay> days = ask(visit, ReportHistoryRequest.newBuilder().setOwner(owner), period);
    return Stream.concat(
            ofType("filesystem", "On disk", period, days),
            ofType("memory", "In memory", period, days))
        .toList();
  }

  private static Stream<Plot> ofType(
      String type, String where, Period period, List<UsageDay> days) {
    List<UsageDay> some = days.stream().filter(d -> d.getType().equals(type)).toList();
    return some.isEmpty()
        ? Stream.empty()
        : Stream.of(Plot.of(type, where + ", used by day", period, some));
  }

  private List<UsageDay> ask(Visit visit, ReportHistoryRequest.Builder request, Period period) {
    return visit
        .ask(
            request.setFrom(period.first().toString()).setTo(period.last().toString()).build(),
            reports::reportHistory)
        .getDaysList();
  }
}
