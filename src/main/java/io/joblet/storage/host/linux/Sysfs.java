package io.joblet.storage.host.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** One-value files of {@code /sys} and {@code /proc}; what has gone meanwhile is empty. */
final class Sysfs {
  private Sysfs() {}

  static Optional<String> text(String path) {
    return text(Path.of(path));
  }

  static Optional<String> text(Path path) {
    try {
      String text = Files.readString(path, StandardCharsets.UTF_8);
      return Optional.of(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      // ENODEV and ESRCH of something that goes away while it is read have no exception of theirs.
      return Optional.empty();
    }
  }

  static OptionalLong number(String path) {
    return text(path)
        .map(t -> OptionalLong.of(Long.parseLong(t.strip())))
        .orElse(OptionalLong.empty());
  }
}
