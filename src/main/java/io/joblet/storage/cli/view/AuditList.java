package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.age;
import static io.joblet.storage.cli.output.Shown.instant;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.AuditEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who changed what. */
public final class AuditList {
  private AuditList() {}

  /**
   * For {@code rnx admin audit}.
   *
   * @param wide whether also the role, the request id and what was asked for
   * @param now what ages are relative to
   */
  public static View<AuditEntry> view(boolean wide, Instant now) {
    List<Column<AuditEntry>> columns = new ArrayList<>();
    columns.add(new Column<>("WHEN", e -> age(instant(e.getAt()), now)));
    columns.add(new Column<>("WHO", AuditEntry::getPrincipal));
    if (wide) {
      columns.add(new Column<>("ROLE", AuditEntry::getRole));
    }
    columns.add(new Column<>("FROM", AuditEntry::getSource));
    columns.add(new Column<>("WHAT", AuditEntry::getMethod));
    columns.add(new Column<>("TARGET", AuditEntry::getTarget));
    columns.add(new Column<>("RELATED", AuditEntry::getRelated));
    columns.add(new Column<>("OUTCOME", AuditList::outcome));
    columns.add(new Column<>("MESSAGE", AuditEntry::getMessage));
    if (wide) {
      columns.add(new Column<>("REQUEST ID", AuditEntry::getRequestId));
      columns.add(new Column<>("WANTED", AuditEntry::getWanted));
    }
    return new View<>(AuditList::document, columns, "nothing was changed");
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
