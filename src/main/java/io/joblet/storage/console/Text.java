package io.joblet.storage.console;

import com.google.protobuf.Timestamp;
import io.joblet.storage.config.Size;
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
