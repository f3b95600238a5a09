package io.joblet.storage.console;

import io.joblet.storage.v1.ReportOperationsResponse;
import io.joblet.storage.v1.ReportRequest;
import io.joblet.storage.v1.ReportService;
import io.joblet.storage.v1.TroubledOperation;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What went wrong on the host. */
@ApplicationScoped
class OperationPages {
  private static final List<String> HEADS =
      List.of("Began", "Outcome", "Operation", "Volume", "Owner", "Job", "By", "Error");

  private final ReportService reports;

  OperationPages(@GrpcService ReportService reports) {
    this.reports = reports;
  }

  Reply list(Visit visit) {
    ReportOperationsResponse found =
        visit.ask(
            "ReportOperations",
            ReportRequest.newBuilder().setPageToken(visit.asked("page")).build(),
            reports::reportOperations);
    Table table =
        Table.page(
            HEADS, found.getOperationsList(), OperationPages::texts, found.getNextPageToken());
    return Reply.page(
        Templates.table(
            visit.frame("Operations", "operations"),
            "Operations on the host that failed or were undone, the latest first.",
            table));
  }

  private static List<String> texts(TroubledOperation operation) {
    return List.of(
        Text.time(operation.getStartedAt()),
        operation.getOutcome(),
        operation.getKind(),
        operation.getVolumeName(),
        operation.getOwner(),
        operation.getJobName(),
        operation.getPrincipal(),
        operation.getError());
  }
}
