package io.joblet.storage.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A scripted daemon for each test. */
abstract class WithDaemon {
  @TempDir Path directory;
  ScriptedDaemon daemon;

  @BeforeEach
  void startTheDaemon() throws IOException {
    daemon = new ScriptedDaemon(directory.resolve("sock"));
  }

  @AfterEach
  void stopTheDaemon() throws InterruptedException {
    daemon.close();
  }

  Outcome rnx(String... arguments) {
    return Outcome.of(daemon, arguments);
  }
}
