package io.joblet.storage.host.linux;

import io.joblet.storage.host.MountEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Parser of {@code mountinfo} (proc(5)): lines of fields between single spaces, in which the kernel
 * writes space, tab, newline and backslash as three octal digits after a backslash.
 */
final class MountTable {
  /**
   * Not {@code /proc/self}: that is the main thread's namespace, which another thread may leave.
   */
  private static final Path OWN = Path.of("/proc/thread-self/mountinfo");

  private MountTable() {}

  /** The daemon's own mounts, in the order of mounting. */
  static List<MountEntry> read() {
    try {
      // Not readString: a name of somebody's mount need not be UTF-8.
      return parse(new String(Files.readAllBytes(OWN), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + OWN, e);
    }
  }

  /** A table that is open at its beginning. */
  static List<MountEntry> read(Descriptor mountinfo) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] part = new byte[1 << 16];
    int bytes = Syscalls.read(mountinfo.fd(), part);
    while (bytes > 0) {
      text.write(part, 0, bytes);
      bytes = Syscalls.read(mountinfo.fd(), part);
    }
    return parse(text.toString(StandardCharsets.UTF_8));
  }

  static List<MountEntry> parse(String mountinfo) {
    List<MountEntry> entries = new ArrayList<>();
    for (String line : mountinfo.split("\n", -1)) {
      if (!line.isEmpty()) {
        entries.add(parseLine(line));
      }
    }
    return entries;
  }

  private static MountEntry parseLine(String line) {
    String[] fields = line.split(" ", -1);
    int separator = 6;
    while (separator < fields.length && !fields[separator].equals("-")) {
      separator++;
    }
    if (fields.length < separator + 4) {
      throw new IllegalArgumentException("not a line of mountinfo: " + line);
    }
    return new MountEntry(
        Long.parseLong(fields[0]),
        Long.parseLong(fields[1]),
        fields[2],
        unescape(fields[3]),
        unescape(fields[4]),
        options(fields[5]),
        unescape(fields[separator + 1]),
        unescape(fields[separator + 2]),
        options(fields[separator + 3]),
        Set.of(java.util.Arrays.copyOfRange(fields, 6, separator)));
  }

  private static Set<String> options(String list) {
    return Set.copyOf(List.of(list.split(",")));
  }

  /** Works on bytes, since an escaped byte may be part of a longer UTF-8 sequence. */
  static String unescape(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\\' && isOctal(bytes, i + 1)) {
        out.write((bytes[i + 1] - '0') << 6 | (bytes[i + 2] - '0') << 3 | (bytes[i + 3] - '0'));
        i += 3;
      } else {
        out.write(bytes[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static boolean isOctal(byte[] bytes, int from) {
    if (from + 3 > bytes.length) {
      return false;
    }
    for (int i = from; i < from + 3; i++) {
      if (bytes[i] < '0' || bytes[i] > '7') {
        return false;
      }
    }
    return true;
  }

  /** Mounts at {@code path} or below it. */
  static List<MountEntry> below(List<MountEntry> entries, String path) {
    return entries.stream().filter(e -> isAtOrBelow(e.target(), path)).toList();
  }

  static boolean isAtOrBelow(String path, String ancestor) {
    return path.equals(ancestor)
        || ancestor.equals("/")
        || (path.startsWith(ancestor) && path.charAt(ancestor.length()) == '/');
  }
}
