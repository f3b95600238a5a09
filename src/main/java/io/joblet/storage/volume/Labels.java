package io.joblet.storage.volume;

import io.joblet.storage.config.Excerpt;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Labels of a volume: keys of 1 to 63 characters of {@code A-Za-z0-9_./-} that begin and end with a
 * letter or digit, values of up to 255 characters without control characters.
 */
public record Labels(Map<String, String> entries) {
  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_./-]{0,61}[A-Za-z0-9])?");
  private static final int MAX_VALUE_LENGTH = 255;

  public Labels {
    entries.forEach(Labels::check);
    entries = Map.copyOf(entries);
  }

  /** In the order of keys, for rows and answers. */
  public Map<String, String> sorted() {
    return new TreeMap<>(entries);
  }

  private static void check(String key, String value) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "key '"
              + Excerpt.of(key)
              + "' must be 1 to 63 characters of A-Z a-z 0-9 _ . / -, the first and the last a letter"
              + " or digit");
    }
    if (value.length() > MAX_VALUE_LENGTH) {
      throw new IllegalArgumentException(
          "value of '" + key + "' is longer than " + MAX_VALUE_LENGTH + " characters");
    }
    if (Excerpt.deceives(value)) {
      throw new IllegalArgumentException("value of '" + key + "' has a control character");
    }
  }
}
