package io.joblet.storage.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The mount table and the loop devices, as far as they lie below one directory. */
public final class Mounts {
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

  private Mounts() {}

  /** One line of /proc/self/mountinfo, proc_pid_mountinfo(5). */
  record Entry(String id, String device, String root, Path target, String options) {}

  /** In the order of mounting. */
  static List<Entry> below(Path directory) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      String[] fields = line.split(" ", -1);
      Path target = Path.of(unescape(fields[4]));
      if (target.startsWith(directory)) {
        entries.add(new Entry(fields[0], fields[2], unescape(fields[3]), target, fields[5]));
      }
    }
    return entries;
  }

  /**
   * Innermost first; fails when one stays busy. For a moment it may be: a mount namespace that
   * another daemon has just made holds a copy of a volume's mount, by it the loop device, and by
   * that the pool.
   */
  public static void unmountAll(Path directory) throws IOException, InterruptedException {
    List<Entry> entries = below(directory);
    for (int i = entries.size() - 1; i >= 0; i--) {
      String target = entries.get(i).target().toString();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            Shell.Result result = Shell.attempt("umount", target);
            if (result.status() != 0) {
              throw new AssertionError(result.output());
            }
          });
    }
  }

  /** Backing files below the directory, one for each device that has one. */
  static List<String> backingFiles(Path directory) throws IOException {
    List<String> files = new ArrayList<>();
    try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
      for (Path device : devices.toList()) {
        String file = backingFile(device);
        if (file.startsWith(directory + "/")) {
          files.add(file);
        }
      }
    }
    return files;
  }

  private static String backingFile(Path device) {
    try {
      return Files.readString(device.resolve("loop/backing_file")).strip();
    } catch (IOException notInUse) {
      return "";
    }
  }

  private static String unescape(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(octal ->
            Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(octal.group(1), 8))));
  }
}
