package io.joblet.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.joblet.storage.faults.Mounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged daemon and the packaged rnx by mutual TLS, with what {@code init-tls} makes. */
class TlsIT {
  private static final Path RNX = Path.of("target/rnx/bin/rnx");

  @TempDir Path directory;

  private Path keys;
  private int port;

  @BeforeEach
  void makeKeys() throws Exception {
    Files.setPosixFilePermissions(directory, fromString("rwx--x--x"));
    keys = directory.resolve("tls");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThat(
            rnx(
                "admin",
                "init-tls",
                "--directory=" + keys,
                "--port=" + port,
                "--client=alice:developer",
                "--client=ops:admin"))
        .contains("server.pem");
  }

  @AfterEach
  void leaveNothing() throws Exception {
    await().atMost(Duration.ofMinutes(1)).until(() -> !serverRuns());
    Mounts.unmountAll(directory);
  }

  private DaemonProcess daemon() throws IOException {
    return DaemonProcess.start(
        directory,
        "-Djoblet.tls.address=127.0.0.1:" + port,
        "-Djoblet.tls.certificate=" + keys.resolve("server.pem"),
        "-Djoblet.tls.key=" + keys.resolve("server.key"),
        "-Djoblet.tls.ca=" + keys.resolve("ca.pem"),
        "-Djoblet.tls.revoked=" + keys.resolve("revoked.crl"));
  }

  /** On its one port too, which it opens at the same time as the socket. */
  private DaemonProcess serving() throws IOException {
    DaemonProcess daemon = daemon().awaitUp();
    await().untilAsserted(() -> assertThat(daemon.tcpListeners()).hasSize(1));
    return daemon;
  }

  private String rnx(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(RNX.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("HOME", directory.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }

  private String rnxAs(String client, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--config=" + keys.resolve("clients").resolve(client + ".yml"));
    return rnx(all.toArray(String[]::new));
  }

  @Test
  void servesEachByItsRoleOnOnePortBesideTheSocket() throws Exception {
    try (DaemonProcess daemon = serving()) {
      assertThat(rnxAs("ops", "admin", "node")).contains("Provider");
      assertThat(rnxAs("alice", "volume", "list")).contains("no volumes");
      assertThat(rnxAs("alice", "volume", "create", "data", "--size=1MB", "--type=memory"))
          .contains("role developer is not allowed to perform operation create_volume");
      assertThat(daemon.get("/q/health/ready")).contains("200 OK");

      assertThat(rnx("admin", "revoke", "--directory=" + keys, "--client=alice"))
          .contains("revoked.crl");
      await()
          .until(() ->
              rnxAs("alice", "volume", "list").contains("the client certificate has been revoked"));
      assertThat(rnxAs("ops", "volume", "list")).contains("no volumes");
    }
  }

  @Test
  void speaksTls13AndNothingOlder() throws Exception {
    try (DaemonProcess daemon = serving()) {
      assertThat(handshake("TLSv1.3")).isEqualTo("TLSv1.3");
      assertThatThrownBy(() -> handshake("TLSv1.2")).isInstanceOf(SSLException.class);
    }
  }

  private String handshake(String protocol) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var in = Files.newInputStream(keys.resolve("ca.pem"))) {
      X509Certificate ca =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      trusted.setCertificateEntry("ca", ca);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }

  @Test
  void doesNotStartWithAKeyThatOthersCanRead() throws Exception {
    Files.setPosixFilePermissions(keys.resolve("server.key"), fromString("rw-r--r--"));
    try (DaemonProcess daemon = daemon()) {
      assertThat(daemon.process().waitFor()).isEqualTo(1);
      assertThat(daemon.output())
          .contains("joblet.tls.key: ", "is open to others (rw-r--r--); chmod 0600 it")
          .doesNotContain("\tat ");
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
