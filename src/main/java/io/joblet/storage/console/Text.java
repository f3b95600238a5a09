package io.joblet.storage.console;

import com.google.protobuf.Timestamp;
import io.joblet.storage.config.Size;
import io.joblet.storage.problem.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Values as people read them. */
final class Text {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  private Text() {}

  static String size(long bytes) {
    return bytes < 0 ? "-" + new Size(-bytes).human() : new Size(bytes).human();
  }

  /** The same without rounding, as {@link #bytes} reads it. */
  static String exactSize(long bytes) {
    String human = size(bytes);
    try {
      return Size.of(human).bytes() == bytes ? human : bytes + " B";
    } catch (IllegalArgumentException rounded) {
      return bytes + " B";
    }
  }

  /**
   * What somebody typed as a size.
   *
   * @throws Problem.Invalid if it is none
   */
  static long bytes(String field, String text) {
    try {
      return Size.of(text).bytes();
    } catch (IllegalArgumentException e) {
      throw new Problem.Invalid(field, e.getMessage());
    }
  }

  /** To the second; empty for a time that is not set. */
  static String time(Timestamp time) {
    return time.equals(Timestamp.getDefaultInstance())
        ? ""
        : TIME.format(Instant.ofEpochSecond(time.getSeconds(), time.getNanos()));
  }

  /** For a part of a path or of a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String yesNo(boolean yes) {
    return yes ? "yes" : "no";
  }
}
