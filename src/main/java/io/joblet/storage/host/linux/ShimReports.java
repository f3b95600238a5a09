package io.joblet.storage.host.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The lines that a supervisor writes into a pipe. By one thread at a time. */
final class ShimReports implements AutoCloseable {
  private final Descriptor pipe;
  private final byte[] read = new byte[512];
  private int next;
  private int end;

  ShimReports(Descriptor pipe) {
    this.pipe = pipe;
  }

  /** Waits for the next line; the time being over reads like an error. */
  ShimReport next(int timeoutMillis) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    while (true) {
      for (; next < end; next++) {
        if (read[next] == '\n') {
          next++;
          return ShimReport.parse(line.toString(StandardCharsets.UTF_8));
        }
        line.write(read[next]);
      }
      int left = (int) TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0 || !Syscalls.readable(pipe.fd(), left)) {
        return new ShimReport("error", "the job's supervisor did not answer in time", "ETIMEDOUT");
      }
      next = 0;
      end = Syscalls.read(pipe.fd(), read);
      if (end <= 0) {
        end = 0;
        return new ShimReport("end", "the job's supervisor ended", "ECHILD");
      }
    }
  }

  @Override
  public void close() {
    pipe.close();
  }
}
