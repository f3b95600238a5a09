package io.joblet.storage.host.linux;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads a directory by getdents64(2): names as the bytes they are, since what jobs write need not
 * be UTF-8, and 64 KiB of them for each call.
 */
final class DirectoryReader {
  private static final int BUFFER = 1 << 16;
  private static final int NAME_OFFSET = 19;

  private DirectoryReader() {}

  /** Every name but {@code .} and {@code ..}, without a NUL, from the descriptor's position on. */
  static void read(Descriptor directory, Consumer<byte[]> names) {
    readSome(directory, Long.MAX_VALUE, names);
  }

  /** The same, and after so many names no further call for more. */
  static void readSome(Descriptor directory, long enough, Consumer<byte[]> names) {
    byte[] buffer = new byte[BUFFER];
    Struct entries = Struct.of(buffer);
    long read = 0;
    int filled = Syscalls.getdents(directory.fd(), buffer);
    while (filled > 0) {
      for (int at = 0; at < filled; at += entries.getShort(at + 16)) {
        byte[] name = nameAt(buffer, at + NAME_OFFSET);
        if (!isDots(name)) {
          names.accept(name);
          read++;
        }
      }
      if (read >= enough) {
        return;
      }
      filled = Syscalls.getdents(directory.fd(), buffer);
    }
  }

  private static byte[] nameAt(byte[] buffer, int start) {
    int end = start;
    while (buffer[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(buffer, start, end);
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }
}
