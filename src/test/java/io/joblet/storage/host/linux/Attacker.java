package io.joblet.storage.host.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The program of src/test/c: compiled once, static, so that it runs in any root. */
final class Attacker {
  private static final Path SOURCES = Path.of("src/test/c");
  private static final Path PROGRAM = Path.of("target/attacker/attack").toAbsolutePath();

  private Attacker() {}

  static synchronized Path program() {
    try (var entries = Files.list(SOURCES)) {
      List<String> command =
          new ArrayList<>(
              List.of("cc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror"));
      command.addAll(List.of("-static", "-o", PROGRAM.toString()));
      entries.map(Path::toString).filter(f -> f.endsWith(".c")).sorted().forEach(command::add);
      Files.createDirectories(PROGRAM.getParent());
      if (!Files.exists(PROGRAM)
          || newestSource() > Files.getLastModifiedTime(PROGRAM).toMillis()) {
        Shell.ok(command.toArray(String[]::new));
      }
      return PROGRAM;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long newestSource() throws IOException {
    try (var entries = Files.list(SOURCES)) {
      return entries.mapToLong(file -> file.toFile().lastModified()).max().orElseThrow();
    }
  }

  static List<String> attacks() {
    return Shell.ok(program().toString(), "list").lines().toList();
  }

  /** By attack, what the program printed: {@code held ...} or {@code OUT ...}. */
  static Map<String, String> verdicts(String output) {
    Map<String, String> verdicts = new LinkedHashMap<>();
    for (String line : output.lines().toList()) {
      int space = line.indexOf(' ');
      if (space > 0) {
        verdicts.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    return verdicts;
  }
}
