package io.joblet.storage.cli.daemon;

import java.io.IOException;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Connects to one Unix socket, whatever address it is asked for. */
final class UnixSockets extends OneAddress {
  private final Path path;

  UnixSockets(Path path) {
    this.path = path;
  }

  @Override
  public Socket createSocket() throws IOException {
    try {
      return new UnixSocket(SocketChannel.open(UnixDomainSocketAddress.of(path)));
    } catch (IOException cause) {
      throw new Unreachable(path, cause);
    }
  }
}
