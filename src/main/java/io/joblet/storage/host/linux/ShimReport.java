package io.joblet.storage.host.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * One line from a supervisor.
 *
 * @param word {@code ready}, {@code running}, {@code error}, or {@code end} when it ended without
 *     one
 * @param text what follows
 * @param errno of an error, by name
 */
record ShimReport(String word, String text, String errno) {

  /** Waits for a line; the time being over reads like an error. */
  static ShimReport read(Descriptor pipe, int timeoutMillis) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    byte[] one = new byte[1];
    while (true) {
      int left = (int) TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0 || !Syscalls.readable(pipe.fd(), left)) {
        return new ShimReport("error", "the job's supervisor did not answer in time", "ETIMEDOUT");
      }
      if (Syscalls.read(pipe.fd(), one) <= 0) {
        return new ShimReport("end", "the job's supervisor ended", "ECHILD");
      }
      if (one[0] == '\n') {
        return parse(line.toString(StandardCharsets.UTF_8));
      }
      line.write(one[0]);
    }
  }

  boolean is(String wanted) {
    return word.equals(wanted);
  }

  /** {@code error 2 cannot execute 'x': No such file or directory}. */
  static ShimReport parse(String line) {
    String[] parts = line.split(" ", 2);
    String rest = parts.length > 1 ? parts[1] : "";
    if (!parts[0].equals("error")) {
      return new ShimReport(parts[0], rest, "");
    }
    String[] error = rest.split(" ", 2);
    return new ShimReport(
        "error", error.length > 1 ? error[1] : rest, Errno.of(number(error[0])).name());
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
