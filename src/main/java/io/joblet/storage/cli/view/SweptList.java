package io.joblet.storage.cli.view;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.SweptItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a sweep did or would do. */
public final class SweptList {
  private SweptList() {}

  /** By volume or job. */
  public static View<SweptItem> view(boolean dryRun) {
    return new View<>(
        SweptList::document,
        List.of(
            new Column<>("NAME", SweptItem::getName),
            new Column<>("ID", SweptItem::getId),
            new Column<>("OUTCOME", item -> outcome(item, dryRun)),
            new Column<>("REASON", SweptItem::getReason)),
        "nothing to sweep");
  }

  private static String outcome(SweptItem item, boolean dryRun) {
    if (!item.getError().isEmpty()) {
      return "failed: " + item.getError();
    }
    return item.getDone() ? "done" : dryRun ? "would be swept" : "not done";
  }

  private static Map<String, Object> document(SweptItem item) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", item.getId());
    document.put("name", Shown.text(item.getName()));
    document.put("reason", Shown.text(item.getReason()));
    document.put("done", item.getDone());
    document.put("error", Shown.text(item.getError()));
    return document;
  }
}
