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
      Ending ended =
          switch (parts[0]) {
            case "exit" -> ending(Integer.valueOf(parts[1]), null, null, lost);
            case "signal" -> ending(null, Integer.valueOf(parts[1]), null, lost);
            case "failed" -> ending(null, null, parts[2], lost);
            default -> null;
          };
      return Optional.ofNullable(ended);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static Ending ending(Integer exitCode, Integer signal, String failure, long lost) {
    return new Ending(
        Optional.ofNullable(exitCode),
        Optional.ofNullable(signal),
        Optional.ofNullable(failure),
        lost);
  }
}
