package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.age;
import static io.joblet.storage.cli.output.Shown.instant;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.AuditEntry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who changed what. */
public final class AuditList {
  private AuditList() {}

  /** For {@code rnx admin audit}; ages are relative to {@code now}. */
  public static View<AuditEntry> view(Instant now) {
    return new View<>(
        AuditList::document,
        List.of(
            new Column<>("WHEN", e -> age(instant(e.getAt()), now)),
            new Column<>("WHO", AuditEntry::getPrincipal),
            new Column<>("FROM", AuditEntry::getSource),
            new Column<>("WHAT", AuditEntry::getMethod),
            new Column<>("TARGET", AuditEntry::getTarget),
            new Column<>("RELATED", AuditEntry::getRelated),
            new Column<>("OUTCOME", AuditList::outcome),
            new Column<>("MESSAGE", AuditEntry::getMessage)),
        "nothing was changed");
  }

  private static String outcome(AuditEntry entry) {
    return entry.getOutcome() + (entry.getCalls() > 1 ? " x " + entry.getCalls() : "");
  }

  private static Map<String, Object> document(AuditEntry entry) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", entry.getId());
    document.put("at", Shown.time(entry.hasAt(), entry.getAt()));
    document.put("principal", entry.getPrincipal());
    document.put("role", entry.getRole());
    document.put("owner", entry.getOwner());
    document.put("source", entry.getSource());
    document.put("method", entry.getMethod());
    document.put("target", Shown.text(entry.getTarget()));
    document.put("related", Shown.text(entry.getRelated()));
    document.put("request_id", Shown.text(entry.getRequestId()));
    document.put("outcome", entry.getOutcome());
    document.put("message", Shown.text(entry.getMessage()));
    document.put("duration_us", entry.getDurationUs());
    document.put("wanted", Shown.text(entry.getWanted()));
    document.put("calls", entry.getCalls());
    return document;
  }
}
