package io.joblet.storage.cli;

import io.joblet.storage.cli.shell.Surroundings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** What one run of rnx printed, and its exit status. */
record Outcome(int status, String out, String err) {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /** Runs in this process, with its own streams, environment and clock. */
  static Outcome of(Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Rnx.run(arguments, new Surroundings(environment, out, err, () -> NOW));
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static Outcome of(ScriptedDaemon daemon, String... arguments) {
    return of(Map.of("RNX_SOCKET", daemon.socket().toString()), arguments);
  }
}
