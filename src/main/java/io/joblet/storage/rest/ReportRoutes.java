package io.joblet.storage.rest;

import io.joblet.storage.rest.Route.Verb;
import io.joblet.storage.v1.ReportHistoryRequest;
import io.joblet.storage.v1.ReportRequest;
import io.joblet.storage.v1.ReportService;
import java.util.List;

/** Who uses how much, and what went wrong. */
final class ReportRoutes {
  private ReportRoutes() {}

  static List<Route> of(ReportService reports) {
    return List.of(
        Route.of(
            Verb.GET,
            "/usage",
            "ReportUsage",
            ReportRequest.getDefaultInstance(),
            reports::reportUsage),
        Route.of(
            Verb.GET,
            "/usage/idle",
            "ReportIdle",
            ReportRequest.getDefaultInstance(),
            reports::reportIdle),
        Route.of(
            Verb.GET,
            "/usage/growth",
            "ReportGrowth",
            ReportRequest.getDefaultInstance(),
            reports::reportGrowth),
        Route.of(
            Verb.GET,
            "/usage/history",
            "ReportHistory",
            ReportHistoryRequest.getDefaultInstance(),
            reports::reportHistory),
        Route.of(
            Verb.GET,
            "/operations",
            "ReportOperations",
            ReportRequest.getDefaultInstance(),
            reports::reportOperations));
  }
}
