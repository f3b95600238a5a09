package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.instant;
import static io.joblet.storage.cli.output.Shown.time;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.Share;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** With whom a volume is shared, one on each line. */
public final class ShareList {
  private ShareList() {}

  /** For people and, by its documents, for programs; docs/cli.md lists the keys. */
  public static View<Share> view() {
    return new View<>(
        ShareList::document,
        List.of(
            new Column<>("WITH", Share::getWithOwner),
            new Column<>("ACCESS", share -> share.getReadOnly() ? "read-only" : "read-write"),
            new Column<>("SINCE", share -> instant(share.getCreatedAt()).toString()),
            new Column<>("BY", Share::getCreatedBy)),
        "shared with nobody");
  }

  private static Map<String, Object> document(Share share) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("with_owner", share.getWithOwner());
    document.put("read_only", share.getReadOnly());
    document.put("created_at", time(share.hasCreatedAt(), share.getCreatedAt()));
    document.put("created_by", share.getCreatedBy());
    return document;
  }
}
