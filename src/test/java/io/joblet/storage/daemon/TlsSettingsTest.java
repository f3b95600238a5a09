package io.joblet.storage.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.cli.tls.Installation;
import io.joblet.storage.config.StorageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsSettingsTest {
  @TempDir Path directory;

  private record Tls(
      Optional<String> address,
      Optional<String> certificate,
      Optional<String> key,
      Optional<String> ca)
      implements StorageConfig.Tls {
    @Override
    public Optional<String> revoked() {
      return Optional.empty();
    }
  }

  @BeforeEach
  void makeKeys() throws IOException {
    new Installation(directory.resolve("tls"), Instant.now()).make(List.of(), 1, List.of());
  }

  private Optional<String> file(String name) {
    return Optional.of(directory.resolve("tls").resolve(name).toString());
  }

  private Tls at(String address) {
    return new Tls(Optional.of(address), file("server.pem"), file("server.key"), file("ca.pem"));
  }

  @Test
  void isOffWithoutAnAddress() {
    assertThat(
            TlsSettings.of(
                new Tls(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())))
        .isEmpty();
  }

  @Test
  void listensThereByTls13Only() {
    assertThat(TlsSettings.of(at("[::1]:50051")))
        .containsEntry("quarkus.http.host", "::1")
        .containsEntry("quarkus.http.ssl-port", "50051")
        .containsEntry("quarkus.http.insecure-requests", "disabled")
        .containsEntry("quarkus.tls.joblet.protocols", "TLSv1.3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"50051", "host", "host:", ":1", "host:65536", "host:x"})
  void wantsAHostAndAPort(String address) {
    assertThatThrownBy(() -> TlsSettings.of(at(address)))
        .isInstanceOf(StartException.class)
        .hasMessage("joblet.tls.address must be HOST:PORT, e.g. 0.0.0.0:50051, was " + address);
  }

  @Test
  void namesTheSettingThatIsMissing() {
    assertThatThrownBy(() ->
            TlsSettings.of(
                new Tls(Optional.of("a:1"), file("server.pem"), Optional.empty(), file("ca.pem"))))
        .hasMessage("joblet.tls.key must be set where joblet.tls.address is");
    assertThatThrownBy(() ->
            TlsSettings.of(
                new Tls(Optional.of("a:1"), file("gone.pem"), file("server.key"), file("ca.pem"))))
        .hasMessageStartingWith("joblet.tls.certificate: there is no readable file ");
    assertThatThrownBy(() ->
            TlsSettings.of(
                new Tls(
                    Optional.of("a:1"), file("server.pem"), file("server.key"), file("ca.key"))))
        .hasMessageStartingWith("joblet.tls.ca: ")
        .hasMessageContaining("holds no PEM certificate");
  }

  @Test
  void takesNoKeyThatOthersCanRead() throws IOException {
    Path key = Path.of(file("server.key").get());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> TlsSettings.of(at("a:1")))
        .isInstanceOf(StartException.class)
        .hasMessage("joblet.tls.key: " + key + " is open to others (rw-r-----); chmod 0600 it");
  }
}
