package io.joblet.storage.host.linux;

import io.joblet.storage.host.JobLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * Reads a job's log segments in order while the supervisor writes and removes them; see
 * src/main/c/log.c for both the format and the meaning of the lock.
 */
final class LogReader implements JobLog {
  private static final int CHUNK = 1 << 20;
  private static final int LOCK_SH = 1;
  private static final int LOCK_UN = 8;
  private static final String PREFIX = "log.";

  private final Descriptor directory;
  private final boolean lossless;
  private final byte[] buffer = new byte[CHUNK];
  private final LogLines lines = new LogLines();
  private Descriptor segment;
  private long number = -1;
  private long offset;
  private Optional<End> end = Optional.empty();

  /** Takes the directory over. */
  LogReader(Descriptor directory, boolean lossless) {
    this.directory = directory;
    this.lossless = lossless;
    try {
      if (lossless) {
        advance(new ArrayList<>());
      }
    } catch (RuntimeException e) {
      // The output of an ended job is removed by others.
      close();
      throw e;
    }
  }

  /** How far the log went at some time. */
  private record End(long segment, long offset) {}

  private End end() {
    OptionalLong newest = segments().max();
    if (newest.isEmpty()) {
      return new End(number, offset);
    }
    long last = newest.getAsLong();
    try (Descriptor opened = openSegment(last)) {
      return new End(last, opened.status().size());
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT)) {
        return new End(last, 0);
      }
      throw e;
    }
  }

  @Override
  public boolean caughtUp() {
    End then = end.orElseGet(this::end);
    end = Optional.of(then);
    return number > then.segment() || (number == then.segment() && offset >= then.offset());
  }

  @Override
  public List<Entry> next() {
    List<Entry> entries = new ArrayList<>();
    if (segment == null && !advance(entries)) {
      return entries;
    }
    int length = read();
    while (length == 0 && successor().isPresent()) {
      // The writer may have added to this one before it went on to the next.
      length = read();
      if (length == 0 && !advance(entries)) {
        return entries;
      }
      length = length == 0 ? read() : length;
    }
    lines.parse(buffer, length, entries);
    return entries;
  }

  private int read() {
    int length = Syscalls.pread(segment.fd(), buffer, offset);
    offset += length;
    return length;
  }

  /** Goes on to the next segment that is there; false if there is none. */
  private boolean advance(List<Entry> entries) {
    while (true) {
      OptionalLong next = successor();
      if (next.isEmpty()) {
        return false;
      }
      Descriptor opened;
      try {
        opened = openSegment(next.getAsLong());
      } catch (KernelRefusal e) {
        if (e.is(Errno.ENOENT)) {
          continue;
        }
        throw e;
      }
      if (lossless) {
        Syscalls.flock(opened.fd(), LOCK_SH);
        if (!isThere(next.getAsLong())) {
          opened.close();
          continue;
        }
      }
      if (next.getAsLong() > number + 1) {
        entries.add(LogLines.lost());
      }
      leave();
      segment = opened;
      number = next.getAsLong();
      offset = 0;
      lines.startAnew();
      return true;
    }
  }

  private Descriptor openSegment(long which) {
    return Beneath.open(
        directory, PREFIX + which, Syscalls.O_RDONLY | Syscalls.O_NOFOLLOW, Beneath.Mounts.STAY);
  }

  private boolean isThere(long which) {
    return segments().anyMatch(n -> n == which);
  }

  private OptionalLong successor() {
    return segments().filter(n -> n > number).min();
  }

  /** None once the output has been removed, which a removal of the job does under a reader. */
  private LongStream segments() {
    List<Long> numbers = new ArrayList<>();
    try (Descriptor again =
        Beneath.open(
            directory, ".", Syscalls.O_RDONLY | Syscalls.O_DIRECTORY, Beneath.Mounts.STAY)) {
      DirectoryReader.read(
          again,
          name -> {
            String text = new String(name, java.nio.charset.StandardCharsets.US_ASCII);
            if (text.matches("log\\.[0-9]{1,18}")) {
              numbers.add(Long.parseLong(text.substring(PREFIX.length())));
            }
          });
    } catch (KernelRefusal e) {
      // getdents64(2): a directory that is open and has been removed is not read any more.
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
    return numbers.stream().mapToLong(Long::longValue);
  }

  private void leave() {
    if (segment != null) {
      if (lossless) {
        Syscalls.flock(segment.fd(), LOCK_UN);
      }
      segment.close();
      segment = null;
    }
  }

  @Override
  public void close() {
    leave();
    directory.close();
  }
}
