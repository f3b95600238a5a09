package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.GrpcSslContexts;
import io.joblet.storage.cli.tls.Installation;
import io.joblet.storage.cli.tls.NewClient;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.GetVolumeResponse;
import io.joblet.storage.v1.WatchVolumesResponse;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rnx} by TLS, with a file of nodes as {@code init-tls} writes it. */
class RemoteTest {
  @TempDir Path directory;

  private ScriptedDaemon daemon;
  private Path config;

  @BeforeEach
  void startTheDaemon() throws IOException {
    Path keys = directory.resolve("tls");
    new Installation(keys, Instant.now()).make(List.of(), 1, List.of());
    daemon =
        new ScriptedDaemon(
            GrpcSslContexts.forServer(
                    keys.resolve("server.pem").toFile(), keys.resolve("server.key").toFile())
                .trustManager(keys.resolve("ca.pem").toFile())
                .clientAuth(ClientAuth.REQUIRE)
                // As the daemon.
                .protocols("TLSv1.3")
                .build());
    new Installation(keys, Instant.now())
        .make(List.of(), daemon.port(), List.of(new NewClient("alice", "developer")));
    config = keys.resolve("clients/alice.yml");
  }

  @AfterEach
  void stopTheDaemon() throws InterruptedException {
    daemon.close();
  }

  private Outcome rnx(String... arguments) {
    return Outcome.of(java.util.Map.of("HOME", directory.toString()), arguments);
  }

  @Test
  void reachesTheNodeThatTheFileNames() {
    daemon.answer(GetVolumeResponse.newBuilder().setVolume(Samples.data()).build());

    Outcome outcome = rnx("volume", "inspect", "data", "--config=" + config);

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.status()).isZero();
    assertThat(daemon.request(GetVolumeRequest.class).getVolume()).isEqualTo("data");
  }

  @Test
  void looksForTheUsersOwnFile() throws IOException {
    Files.createDirectory(directory.resolve(".rnx"));
    Files.copy(config, directory.resolve(".rnx/rnx-config.yml"));
    daemon.answer(GetVolumeResponse.newBuilder().setVolume(Samples.data()).build());

    assertThat(rnx("volume", "inspect", "data").status()).isZero();
  }

  @Test
  void warnsOfAKeyThatIsOpenToOthers() throws IOException {
    for (String open : List.of("rw-r--r--", "rw-r-----", "rw-----w-")) {
      Files.setPosixFilePermissions(config, PosixFilePermissions.fromString(open));
      daemon.answer(GetVolumeResponse.newBuilder().setVolume(Samples.data()).build());

      Outcome outcome = rnx("volume", "inspect", "data", "--format=json", "--config=" + config);

      assertThat(outcome.status()).isZero();
      assertThat(outcome.out()).startsWith("{").doesNotContain("warning");
      assertThat(outcome.err())
          .isEqualTo(
              "rnx: warning: "
                  + config
                  + " has a private key and is open to others than its owner ("
                  + open
                  + "); chmod 600 it\n");
    }
  }

  @Test
  void waitsLongerThanAClockCounts() {
    daemon.answer(WatchVolumesResponse.newBuilder().setCaughtUpPosition(1).build());

    Outcome outcome = rnx("volume", "watch", "--timeout=3000000d", "--config=" + config);

    assertThat(outcome.err()).doesNotContain("fault of rnx");
  }

  @Test
  void saysWhatIsWrongWithTheFile() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.yml"), "version: \"3.0\"\n");
    Path noYaml = Files.writeString(directory.resolve("no.yml"), "nodes: [\n");
    Path noKey =
        Files.writeString(
            directory.resolve("key.yml"), "nodes: {default: {address: 'a:1', cert: x}}\n");

    assertThat(rnx("volume", "list", "--config=" + empty).err())
        .contains("there are no nodes in it");
    assertThat(rnx("volume", "list", "--config=" + noYaml).err()).contains("not YAML");
    assertThat(rnx("volume", "list", "--config=" + noKey).err())
        .contains("node 'default' has no key");
    assertThat(rnx("volume", "list", "--config=" + config, "--node=other").err())
        .contains("there is no node 'other', only [default]");
    assertThat(rnx("volume", "list", "--config=" + directory.resolve("absent")).status())
        .isEqualTo(1);
  }

  @Test
  void talksToNoServerOfAnotherCa() throws IOException {
    Path others = directory.resolve("others");
    new Installation(others, Instant.now())
        .make(List.of(), daemon.port(), List.of(new NewClient("alice", "developer")));

    Outcome outcome = rnx("volume", "list", "--config=" + others.resolve("clients/alice.yml"));

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(daemon.requests()).isEmpty();
  }
}
