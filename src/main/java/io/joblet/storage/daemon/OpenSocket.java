package io.joblet.storage.daemon;

import io.joblet.storage.config.StorageConfig;
import io.quarkus.vertx.http.DomainSocketServerStart;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jboss.logging.Logger;

/**
 * Closes the socket to all but root once it is there, and tells systemd that the daemon serves.
 * Until then its directory keeps others out (see {@link SocketPlace}).
 */
@Singleton
class OpenSocket {
  private static final Logger LOG = Logger.getLogger(OpenSocket.class);

  private final StorageConfig config;

  @Inject
  OpenSocket(StorageConfig config) {
    this.config = config;
  }

  void opened(@ObservesAsync DomainSocketServerStart start) throws IOException {
    Path socket = Path.of(config.socket());
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    LOG.infof("Serving on %s", socket);
    Systemd.ready();
  }
}
