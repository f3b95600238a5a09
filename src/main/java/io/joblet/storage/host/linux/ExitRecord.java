package io.joblet.storage.host.linux;

import io.joblet.storage.host.JobProcesses.Ending;
import java.util.Optional;

/**
 * What a supervisor wrote at the end: {@code exit CODE}, {@code signal NUMBER}, or {@code failed
 * ERRNO TEXT} for a command that never ran; and in a second line {@code lost BYTES} if output found
 * no space.
 */
final class ExitRecord {
  private ExitRecord() {}

  /** Empty for one that says nothing: nobody will ever write more into it. */
  static Optional<Ending> parse(String record) {
    String[] lines = record.split("\n", 3);
    String[] parts = lines[0].split(" ", 3);
    try {
      long lost =
          lines.length > 1 && lines[1].startsWith("lost ")
              ? Long.parseLong(lines[1].substring("lost ".length()))
              : 0;
      return switch (parts[0]) {
        case "exit" ->
            Optional.of(
                new Ending(
                    Optional.of(Integer.parseInt(parts[1])),
                    Optional.empty(),
                    Optional.empty(),
                    lost));
        case "signal" ->
            Optional.of(
                new Ending(
                    Optional.empty(),
                    Optional.of(Integer.parseInt(parts[1])),
                    Optional.empty(),
                    lost));
        case "failed" ->
            Optional.of(
                new Ending(Optional.empty(), Optional.empty(), Optional.of(parts[2]), lost));
        default -> Optional.empty();
      };
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
