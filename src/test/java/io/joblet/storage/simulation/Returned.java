package io.joblet.storage.simulation;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a power cut may bring back, since it was on stable storage and its end was not: a volume
 * that was taken back before anybody was told of it, which is set aside; and of one that was in
 * memory its record, and the empty directory that it was mounted at. What was purged must not come
 * back, and nothing may be missing.
 */
final class Returned {
  private static final Pattern LEFT =
      Pattern.compile(
          "left VOLUMES:(?<place>\\.quarantine|\\.records)/(?<id>[0-9a-f-]{36})(\\.\\w+)? (?<kind>\\w*).*");

  private final HostState host;
  private final Map<String, Map<String, Integer>> journal;

  Returned(HostState host, Map<String, Map<String, Integer>> journal) {
    this.host = host;
    this.journal = journal;
  }

  boolean explains(String difference) {
    Matcher left = LEFT.matcher(difference);
    if (left.matches()) {
      return nobodyWasTold(left.group("id"))
          || (left.group("place").equals(".records")
              ? wasInMemory(left.group("id"))
              : left.group("kind").equals("directory"));
    }
    return host.entries.entrySet().stream()
        .filter(e -> difference.startsWith("left qgroup 1/" + e.getValue().qgroup() + " "))
        .anyMatch(e -> explains("left " + e.getKey() + " "));
  }

  private boolean nobodyWasTold(String id) {
    return !journal.getOrDefault(id, Map.of()).containsKey("CREATED");
  }

  private boolean wasInMemory(String id) {
    return host.content("VOLUMES:.records/" + id + ".json").contains("\"MEMORY\"");
  }
}
