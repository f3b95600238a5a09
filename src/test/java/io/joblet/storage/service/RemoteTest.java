package io.joblet.storage.service;

import io.joblet.storage.cli.tls.Authority;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with callers at the TLS port. */
abstract class RemoteTest extends ServiceTest {
  @Inject Config settings;

  @TestHTTPResource(value = "/", tls = true)
  URL tlsUrl;

  Authority authority;

  private final List<Remote> remotes = new ArrayList<>();

  @BeforeEach
  void readAuthority() {
    authority = Remote.authority(Path.of(settings.getValue(TlsResource.DIRECTORY, String.class)));
  }

  @AfterEach
  void disconnect() {
    remotes.forEach(Remote::close);
  }

  Remote as(String owner, String... roles) {
    return with(Remote.issued(authority, owner, roles));
  }

  Remote with(io.joblet.storage.cli.tls.Credentials client) {
    Remote remote = Remote.connect(tlsUrl.getPort(), authority, client);
    remotes.add(remote);
    return remote;
  }
}
