package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.age;
import static io.joblet.storage.cli.output.Shown.instant;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.TroubledOperation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What went wrong on the host. */
public final class OperationReport {
  private OperationReport() {}

  /** For {@code rnx report operations}; ages are relative to {@code now}. */
  public static View<TroubledOperation> view(Instant now) {
    return new View<>(
        OperationReport::document,
        List.of(
            new Column<>("WHEN", o -> age(instant(o.getStartedAt()), now)),
            new Column<>("OUTCOME", TroubledOperation::getOutcome),
            new Column<>("KIND", TroubledOperation::getKind),
            new Column<>("VOLUME", TroubledOperation::getVolumeName),
            new Column<>("OWNER", TroubledOperation::getOwner),
            new Column<>("JOB", TroubledOperation::getJobName),
            new Column<>("ERROR", TroubledOperation::getError)),
        "nothing failed");
  }

  private static Map<String, Object> document(TroubledOperation operation) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("operation_id", operation.getOperationId());
    document.put("started_at", Shown.time(operation.hasStartedAt(), operation.getStartedAt()));
    document.put("outcome", operation.getOutcome());
    document.put("kind", operation.getKind());
    document.put("volume_name", Shown.text(operation.getVolumeName()));
    document.put("owner", Shown.text(operation.getOwner()));
    document.put("job_name", Shown.text(operation.getJobName()));
    document.put("principal", operation.getPrincipal());
    document.put("error", Shown.text(operation.getError()));
    return document;
  }
}
