package io.joblet.storage.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jboss.logging.Logger;

/** The notifications of sd_notify(3): a datagram to the socket that systemd names. */
final class Systemd {
  private static final Logger LOG = Logger.getLogger(Systemd.class);

  private Systemd() {}

  /** Tells that the service is up. Does nothing when systemd did not ask; a failure is logged. */
  static void ready() {
    String address = System.getenv("NOTIFY_SOCKET");
    if (address == null || address.isEmpty()) {
      return;
    }
    try {
      send(address, "READY=1");
    } catch (IOException | RuntimeException e) {
      LOG.warnf("Telling systemd at %s that the service is ready failed: %s", address, e);
    }
  }

  static void send(String address, String message) throws IOException {
    Epoll.ensureAvailability();
    byte[] path = address.getBytes(UTF_8);
    if (path[0] == '@') {
      // The abstract namespace, written so in the environment (unix(7)).
      path[0] = 0;
    }
    byte[] bytes = message.getBytes(UTF_8);
    ByteBuffer datagram = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    Socket socket = Socket.newSocketDomainDgram();
    try {
      int sent = socket.sendToDomainSocket(datagram, 0, bytes.length, path);
      if (sent != bytes.length) {
        throw new IOException("sent " + sent + " of " + bytes.length + " bytes");
      }
    } finally {
      socket.close();
    }
  }
}
