package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program such as mkfs.ext4 for at most a given time, with nothing of the daemon's
 * environment. One that takes longer is killed, and so is one whose caller is interrupted.
 */
final class HelperProgram {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final int KEPT_OUTPUT = 2000;

  private final Duration timeout;

  HelperProgram(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * How a program ended.
   *
   * @param output both streams, the last 2,000 bytes
   */
  record Result(int exit, String output) {}

  static Optional<Path> find(String program) {
    return List.of(PATH.split(":")).stream()
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static String require(String program) {
    return find(program)
        .orElseThrow(() -> new HostException(program + " is not installed", "ENOENT"))
        .toString();
  }

  /** By which a helper opens the very file that is open here, not one exchanged for it. */
  static String path(Descriptor file) {
    return "/proc/" + ProcessHandle.current().pid() + "/fd/" + file.fd();
  }

  /** Runs it and fails unless it exits with 0; the error carries its output. */
  void run(String input, String... command) {
    Result result = tryRun(input, command);
    if (result.exit() != 0) {
      throw failed(command, "exit code " + result.exit() + ": " + result.output());
    }
  }

  Result tryRun(String input, String... command) {
    Process process = start(command);
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(
            () -> drain(process.getInputStream()), task -> Thread.ofVirtual().start(task));
    try {
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw failed(command, "not done after " + timeout.toSeconds() + " s, killed");
      }
      return new Result(process.exitValue(), output.join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(command, "interrupted, killed");
    } catch (IOException e) {
      throw failed(command, e.getMessage() + "; " + output.join());
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", PATH);
    builder.environment().put("LC_ALL", "C");
    try {
      return builder.start();
    } catch (IOException e) {
      throw new HostException("cannot run " + command[0] + ": " + e.getMessage(), e);
    }
  }

  private static String drain(InputStream stream) {
    StringBuilder kept = new StringBuilder();
    byte[] buffer = new byte[4096];
    try {
      for (int n = stream.read(buffer); n > 0; n = stream.read(buffer)) {
        kept.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
        kept.delete(0, Math.max(0, kept.length() - KEPT_OUTPUT));
      }
    } catch (IOException e) {
      kept.append(" (output lost: ").append(e.getMessage()).append(')');
    }
    return kept.toString().strip();
  }

  private static HostException failed(String[] command, String reason) {
    return new HostException(String.join(" ", command) + " failed: " + reason, "");
  }
}
