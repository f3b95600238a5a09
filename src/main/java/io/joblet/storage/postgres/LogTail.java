package io.joblet.storage.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The last lines of what PostgreSQL said, for error messages. */
final class LogTail {
  private static final int LINES = 15;
  private static final int BYTES = 8192;

  /** One segment of write-ahead log. */
  private static final long LITTLE = 16L << 20;

  private LogTail() {}

  /** Of the server, both before and after it opened its log; only logs touched since then. */
  static String ofServer(PostgresDirectory directory, Instant since) {
    List<Path> files = new ArrayList<>(List.of(directory.startLog()));
    try (Stream<Path> logs = Files.list(directory.logs())) {
      logs.filter(log -> !modified(log).toInstant().isBefore(since)).sorted().forEach(files::add);
    } catch (IOException unreadable) {
      files.add(directory.logs());
    }
    return of(files) + ifFull(directory.data());
  }

  /** A server that finds no room for its log says nothing at all. */
  private static String ifFull(Path directory) {
    try {
      long free = Files.getFileStore(directory).getUsableSpace();
      return free >= LITTLE ? "" : "; its file system has only " + free + " bytes left";
    } catch (IOException unknown) {
      return "";
    }
  }

  static String of(List<Path> files) {
    List<String> lines = new ArrayList<>();
    for (Path file : files) {
      try {
        lines.addAll(end(file).lines().filter(line -> !line.isBlank()).toList());
      } catch (IOException e) {
        lines.add("(" + file + " cannot be read: " + e.getMessage() + ")");
      }
    }
    List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
    return last.isEmpty() ? "it said nothing" : "it said:\n  " + String.join("\n  ", last);
  }

  private static String end(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(BYTES);
      channel.read(bytes, Math.max(0, channel.size() - BYTES));
      return ISO_8859_1.decode(bytes.flip()).toString();
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException rotatedAway) {
      return FileTime.fromMillis(0);
    }
  }
}
