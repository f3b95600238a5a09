package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.size;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.UsageDay;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was used day by day. */
public final class HistoryReport {
  private static final int WIDEST_BAR = 40;

  private HistoryReport() {}

  /** For {@code rnx report history}; the bars of a type are as long as its days are large. */
  public static View<UsageDay> view(List<UsageDay> all) {
    return new View<>(
        HistoryReport::document,
        List.of(
            new Column<>("DAY", UsageDay::getDay),
            new Column<>("TYPE", UsageDay::getType),
            new Column<>("VOLUMES", d -> Long.toString(d.getVolumes())),
            new Column<>("SIZE", d -> size(d.getSizeBytes())),
            new Column<>("USED", d -> size(d.getLastBytes())),
            new Column<>("USED, DRAWN", d -> bar(d.getLastBytes(), largest(all, d.getType())))),
        "nothing is known of those days");
  }

  private static long largest(List<UsageDay> all, String type) {
    return all.stream()
        .filter(d -> d.getType().equals(type))
        .mapToLong(UsageDay::getLastBytes)
        .max()
        .orElse(0);
  }

  /** Anything at all is at least one sign. */
  private static String bar(long bytes, long largest) {
    return "#".repeat((int) Math.ceil((double) WIDEST_BAR * bytes / Math.max(1, largest)));
  }

  private static Map<String, Object> document(UsageDay day) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("day", day.getDay());
    document.put("type", day.getType());
    document.put("volumes", day.getVolumes());
    document.put("size_bytes", day.getSizeBytes());
    document.put("min_bytes", day.hasMinBytes() ? (Object) day.getMinBytes() : null);
    document.put("avg_bytes", day.getAvgBytes());
    document.put("max_bytes", day.hasMaxBytes() ? (Object) day.getMaxBytes() : null);
    document.put("last_bytes", day.getLastBytes());
    return document;
  }
}
