package io.joblet.storage.service;

import io.joblet.storage.cli.tls.Installation;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.daemon.TlsSettings;
import io.joblet.storage.host.linux.HostResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A CA and a server certificate, and the service listening with them, on a free port, beside what
 * {@link HostResource} brings.
 */
public final class TlsResource implements QuarkusTestResourceLifecycleManager {
  /** Property that names the directory with the CA's key. */
  static final String DIRECTORY = "joblet-test.tls-directory";

  static final String REVOKED = "revoked.crl";

  private Path directory;

  @Override
  public Map<String, String> start() {
    try {
      directory = Files.createTempDirectory("joblet-tls-");
      new Installation(directory, Instant.now()).make(List.of(), 1, List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> settings =
        new HashMap<>(
            TlsSettings.of(
                new Tls(
                    Optional.of("127.0.0.1:0"),
                    file("server.pem"),
                    file("server.key"),
                    file("ca.pem"))));
    settings.put(DIRECTORY, directory.toString());
    settings.put("joblet.tls.ca", file("ca.pem").orElseThrow());
    settings.put("joblet.tls.revoked", file(REVOKED).orElseThrow());
    settings.put("quarkus.http.test-ssl-port", "0");
    // Tests need the plain port too, to be refused there.
    settings.remove("quarkus.http.insecure-requests");
    return settings;
  }

  private Optional<String> file(String name) {
    return Optional.of(directory.resolve(name).toString());
  }

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

  @Override
  public void stop() {
    if (directory == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
