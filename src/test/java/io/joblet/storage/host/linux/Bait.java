package io.joblet.storage.host.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A process of the host with everything that attackers look for: a secret in memory, in its
 * environment, behind sockets and in System V shared memory, and a working directory and a
 * descriptor near the canary.
 */
final class Bait implements AutoCloseable {
  final String secret = "secret-" + UUID.randomUUID();
  private final String mark = UUID.randomUUID().toString();
  private final String key = Integer.toString((UUID.randomUUID().hashCode() & 0x7fffffff) | 1);
  private final String name = "hostile-" + UUID.randomUUID();
  private final Process process;
  private final BufferedReader output;
  private final List<String> ready;

  Bait(Path directory) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(Attacker.program().toString(), "bait", secret, key, name, "/" + name)
              .directory(directory.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("HOSTILE", "begins-" + mark);
      process = builder.start();
      output = process.inputReader(StandardCharsets.UTF_8);
      ready = List.of(String.valueOf(output.readLine()).split(" "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (ready.size() != 4) {
      close();
      throw new IllegalStateException("the bait did not start: " + ready);
    }
  }

  /** What an attacker is told of it. */
  Map<String, String> known() {
    return Map.of(
        "SECRET",
        secret,
        "MARK_BEGINS",
        "begins-",
        "MARK_ENDS",
        mark,
        "KEY",
        key,
        "ABSTRACT",
        name,
        "QUEUE",
        "/" + name,
        "BAIT",
        ready.get(1),
        "PORT",
        ready.get(2),
        "ADDRESS",
        ready.get(3));
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Ends it; what it had to say since it was ready, a line for each signal. */
  List<String> finish() {
    try {
      process.getOutputStream().close();
      List<String> said = output.lines().toList();
      process.waitFor();
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      finish();
    }
  }
}
