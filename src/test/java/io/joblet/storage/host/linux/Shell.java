package io.joblet.storage.host.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs programs for tests: as root, or as the unprivileged user that writes into volumes. */
public final class Shell {
  private Shell() {}

  /** How it ended, with both of its streams. */
  public record Result(int exit, String output) {}

  public static Result run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Like {@link #run}, and fails unless it exits with 0. */
  public static String ok(String... command) {
    Result result = run(command);
    if (result.exit() != 0) {
      throw new AssertionError(
          String.join(" ", command) + " exits " + result.exit() + ": " + result.output());
    }
    return result.output();
  }

  /** Runs a line of sh as uid and gid 65534 without any privilege. */
  public static Result asNobody(String script) {
    List<String> command =
        new ArrayList<>(
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c"));
    command.add(script);
    return run(command.toArray(String[]::new));
  }
}
