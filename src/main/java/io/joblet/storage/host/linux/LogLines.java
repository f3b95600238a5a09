package io.joblet.storage.host.linux;

import io.joblet.storage.host.JobLog.Entry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Lines of a log segment back to what the job wrote, also when they arrive in pieces. */
final class LogLines {
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  static Entry lost() {
    return new Entry(Instant.now(), false, new byte[0], true);
  }

  /** What was begun will not go on: another segment follows. */
  void startAnew() {
    begun.reset();
  }

  void parse(byte[] bytes, int length, List<Entry> into) {
    int start = 0;
    for (int at = 0; at < length; at++) {
      if (bytes[at] == '\n') {
        begun.write(bytes, start, at - start);
        add(begun.toByteArray(), into);
        begun.reset();
        start = at + 1;
      }
    }
    begun.write(bytes, start, length - start);
  }

  /** {@code TIME STREAM TAG BYTES}; a line that is not so was torn by a full disk. */
  private static void add(byte[] line, List<Entry> into) {
    int time = space(line, 0);
    int stream = space(line, time + 1);
    int tag = space(line, stream + 1);
    if (time < 0 || stream < 0 || tag != stream + 2) {
      into.add(lost());
      return;
    }
    boolean whole = line[stream + 1] == 'F';
    byte[] content = Arrays.copyOfRange(line, tag + 1, line.length + (whole ? 1 : 0));
    if (whole) {
      content[content.length - 1] = '\n';
    }
    Instant when = Instant.parse(new String(line, 0, time, StandardCharsets.US_ASCII));
    boolean error = line[time + 4] == 'e';
    into.add(new Entry(when, error, content, false));
  }

  private static int space(byte[] line, int from) {
    if (from <= 0 && line.length == 0) {
      return -1;
    }
    for (int at = Math.max(0, from); at < line.length; at++) {
      if (line[at] == ' ') {
        return at;
      }
    }
    return -1;
  }
}
