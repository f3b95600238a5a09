package io.joblet.storage.cli.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import javax.net.SocketFactory;

/** Connects to one Unix socket, whatever address it is asked for. */
final class UnixSockets extends SocketFactory {
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

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket();
  }
}
