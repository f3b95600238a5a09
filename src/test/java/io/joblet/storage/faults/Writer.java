package io.joblet.storage.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.CRC32C;

/** A job's process: writes small files and knows which of them are on stable storage. */
final class Writer implements Runnable {
  private static final int LARGEST = 8192;
  private static final int FILES = 40;

  private final Path directory;
  private final ConcurrentMap<Integer, Long> synced = new ConcurrentHashMap<>();
  private volatile boolean stopping;
  private volatile IOException failure;

  Writer(Path directory) {
    this.directory = directory;
  }

  @Override
  public void run() {
    Random random = new Random(7);
    try {
      for (int round = 0; !stopping; round++) {
        // Written anew in turn, so that the volume does not fill up.
        int number = round % FILES;
        synced.remove(number);
        synced.put(number, write(directory, "f" + number, random));
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  /** A file of random text, on stable storage with its name; returns its checksum. */
  static long write(Path directory, String name, Random random) throws IOException {
    byte[] content = Long.toHexString(random.nextLong()).repeat(LARGEST / 32).getBytes(US_ASCII);
    try (FileChannel file =
            FileChannel.open(
                directory.resolve(name),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
      file.write(ByteBuffer.wrap(content));
      file.force(true);
      parent.force(true);
    }
    return checksum(content);
  }

  static long checksum(Path file) throws IOException {
    return checksum(Files.readAllBytes(file));
  }

  private static long checksum(byte[] content) {
    CRC32C sum = new CRC32C();
    sum.update(content);
    return sum.getValue();
  }

  void stop() {
    stopping = true;
  }

  /** Checksums of the files that were synced and not touched since; once it has ended. */
  Map<Integer, Long> synced() {
    return Map.copyOf(synced);
  }

  /** Null if it never failed. */
  IOException failure() {
    return failure;
  }
}
