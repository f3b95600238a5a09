package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.JobProcesses.Ending;
import java.util.Optional;

/**
 * What a supervisor wrote at the end: {@code exit CODE}, {@code signal NUMBER}, or {@code failed
 * ERRNO TEXT} for a command that never ran.
 */
final class ExitRecord {
  private ExitRecord() {}

  static Ending parse(String line) {
    String[] parts = line.strip().split(" ", 3);
    try {
      return switch (parts[0]) {
        case "exit" ->
            new Ending(Optional.of(Integer.parseInt(parts[1])), Optional.empty(), Optional.empty());
        case "signal" ->
            new Ending(Optional.empty(), Optional.of(Integer.parseInt(parts[1])), Optional.empty());
        case "failed" -> new Ending(Optional.empty(), Optional.empty(), Optional.of(parts[2]));
        default -> throw new HostException("an exit record that cannot be read: " + line, "EINVAL");
      };
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new HostException("an exit record that cannot be read: " + line, e);
    }
  }
}
