package io.joblet.storage.host.linux;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text as the kernel takes it: UTF-8 with a NUL at the end and none before. JNA's own conversion
 * would cut a name at its first NUL and encode by the process's locale.
 */
final class CString {
  static final byte[] EMPTY = {0};

  private CString() {}

  static byte[] of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** For names that came from the kernel and need not be UTF-8. */
  static byte[] of(byte[] name) {
    for (byte b : name) {
      if (b == 0) {
        throw new IllegalArgumentException("a path must not contain a NUL character");
      }
    }
    return Arrays.copyOf(name, name.length + 1);
  }

  /** Reads the text at {@code offset} up to its NUL. */
  static String at(byte[] buffer, int offset) {
    int end = offset;
    while (end < buffer.length && buffer[end] != 0) {
      end++;
    }
    return new String(buffer, offset, end - offset, StandardCharsets.UTF_8);
  }
}
