package io.joblet.storage;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import io.grpc.Status;
import io.joblet.storage.faults.Mounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged daemon from its start to its end. */
class DaemonIT {
  /** The exit status of a JVM that ended in order on SIGTERM: 128 + 15. */
  private static final int TERMINATED = 143;

  @TempDir Path directory;

  @BeforeEach
  void letTheServerPass() throws Exception {
    Files.setPosixFilePermissions(directory, fromString("rwx--x--x"));
  }

  /** Before the directory goes: a killed daemon's server still writes, and volumes outlive both. */
  @AfterEach
  void leaveNothing() throws Exception {
    await().atMost(Duration.ofMinutes(1)).until(() -> !serverRuns());
    Mounts.unmountAll(directory);
  }

  @Test
  void servesRootAloneOverTheSocketAndNobodyOverTcp() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(directory).awaitUp()) {
      assertThat(daemon.get("/q/health/ready")).contains("200 OK").contains("UP");
      assertThat(daemon.get("/q/metrics")).contains("200 OK").contains("agroal_active_count");
      await()
          .untilAsserted(() ->
              assertThat(Files.getPosixFilePermissions(daemon.socket()))
                  .isEqualTo(fromString("rw-------")));
      assertThat(Files.getPosixFilePermissions(daemon.socket().getParent()))
          .isEqualTo(fromString("rwx------"));
      assertThat(daemon.tcpListeners()).isEmpty();
      assertThat(daemon.terminate()).isEqualTo(TERMINATED);
    }
  }

  @Test
  void answersGrpcHealthOnTheSameSocket() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(directory).awaitUp()) {
      assertThat(daemon.grpcHealth()).isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
      assertThat(daemon.terminate()).isEqualTo(TERMINATED);
    }
  }

  @Test
  void stopsItsDatabaseLastAndInOrderOnSigterm() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(directory).awaitUp()) {
      assertThat(serverRuns()).isTrue();
      assertThat(daemon.terminate()).isEqualTo(TERMINATED);
      assertThat(serverRuns()).isFalse();
      assertThat(directory.resolve("state/postgres/data/postmaster.pid")).doesNotExist();
      assertThat(daemon.output()).contains("stopped in").doesNotContain("\"level\":\"ERROR\"");
    }
  }

  @Test
  void endsTheStreamsThatSomebodyReadsWhenItStops() throws Exception {
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
        DaemonProcess daemon = DaemonProcess.start(directory).awaitUp()) {
      Future<String> events = daemon.events(readers);
      Future<Status.Code> watch = daemon.watch(readers);
      Future<Status.Code> health = daemon.watchHealth(readers);

      assertThat(daemon.terminate()).isEqualTo(TERMINATED);

      assertThat(events.get()).contains("event: problem", "the daemon is stopping");
      assertThat(watch.get()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(health.get()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(daemon.output())
          .contains("stopped in")
          .doesNotContain("\"level\":\"ERROR\"", "Exception", "Timed out waiting");
    }
  }

  @Test
  void startsAgainAfterAKill() throws Exception {
    try (DaemonProcess killed = DaemonProcess.start(directory).awaitUp()) {
      killed.kill();
      assertThat(killed.socket()).exists();
    }
    try (DaemonProcess next = DaemonProcess.start(directory).awaitUp()) {
      assertThat(next.terminate()).isEqualTo(TERMINATED);
    }
  }

  @Test
  void refusesToStartBesideAnother() throws Exception {
    try (DaemonProcess first = DaemonProcess.start(directory).awaitUp();
        DaemonProcess second = DaemonProcess.start(directory)) {
      assertThat(second.process().waitFor()).isEqualTo(1);
      assertThat(second.output()).contains("another daemon answers on " + first.socket());
      assertThat(first.get("/q/health")).contains("200 OK");
      assertThat(first.terminate()).isEqualTo(TERMINATED);
    }
  }

  @Test
  void saysWhatItWaitsForAndGivesUpWhenTheExternalDatabaseStaysAway() throws Exception {
    try (ServerSocket reserved = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String url = "jdbc:postgresql://127.0.0.1:" + reserved.getLocalPort() + "/joblet";
      reserved.close();
      Files.writeString(
          directory.resolve("storage.properties"),
          "joblet.database.url="
              + url
              + "?password=secret\njoblet.database.username=joblet\n"
              + "joblet.database.start-timeout=7s\n");
      try (DaemonProcess daemon = DaemonProcess.start(directory)) {
        assertThat(daemon.process().waitFor()).isEqualTo(1);
        assertThat(daemon.output())
            .contains("waiting for PostgreSQL (joblet at " + url + ")")
            .contains("does not answer within 7 s")
            .doesNotContain("secret");
      }
    }
  }

  @Test
  void endsAtOnceWhenToldWhileItWaitsForTheDatabase() throws Exception {
    try (DaemonProcess daemon =
        DaemonProcess.start(directory, "-Djoblet.database.url=jdbc:postgresql://127.0.0.1:1/x")) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> daemon.output().contains("waiting for PostgreSQL"));
      assertThat(daemon.terminate()).isEqualTo(TERMINATED);
      assertThat(daemon.output()).contains("stopped before it was up");
    }
  }

  private boolean serverRuns() throws IOException {
    Path data = directory.resolve("state/postgres/data");
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes.anyMatch(process -> worksIn(data, process));
    }
  }

  private static boolean worksIn(Path data, Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(data);
    } catch (IOException noProcess) {
      return false;
    }
  }
}
