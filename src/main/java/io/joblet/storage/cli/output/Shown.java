package io.joblet.storage.cli.output;

import com.google.protobuf.Timestamp;
import io.joblet.storage.config.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Values of the messages as documents and tables show them. */
public final class Shown {
  private Shown() {}

  /** RFC 3339 in UTC; null when the message does not have it. */
  public static String time(boolean has, Timestamp time) {
    return has ? instant(time).toString() : null;
  }

  /** A message's time. */
  public static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /** An empty string is an absent value. */
  public static String text(String text) {
    return text.isEmpty() ? null : text;
  }

  /** A constant in lower case; null for the unspecified one. */
  public static String word(Enum<?> constant) {
    String name = constant.name().toLowerCase(Locale.ROOT);
    return name.endsWith("unspecified") ? null : name;
  }

  /** As {@link #word}, empty when absent. */
  public static String cell(Enum<?> constant) {
    String word = word(constant);
    return word == null ? "" : word;
  }

  /** A size for people; negative ones, which no daemon should send, as they are. */
  public static String size(long bytes) {
    return bytes < 0 ? Long.toString(bytes) : new Size(bytes).human();
  }

  /** How long ago, in the largest unit that fits: 12s, 5m, 3h, 40d. A future time is 0s. */
  public static String age(Instant then, Instant now) {
    return span(Duration.between(then, now));
  }

  /** A length of time in the largest unit that fits. */
  public static String span(Duration span) {
    long seconds = Math.max(0, span.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + "m";
    }
    return seconds < 2 * 86400 ? seconds / 3600 + "h" : seconds / 86400 + "d";
  }
}
