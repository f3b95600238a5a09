package io.joblet.storage.cli.daemon;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Connects to one node by mutual TLS 1.3, whatever address it is asked for, and hands gRPC a
 * connection that is encrypted already: gRPC's own TLS on OkHttp offers TLS 1.2 and nothing newer.
 */
final class TlsSockets extends OneAddress {
  /** What every daemon's certificate is for, wherever it is reached. */
  static final String SERVER_NAME = "joblet";

  private static final String HTTP_2 = "h2";
  private static final int CONNECT_MILLIS = 10_000;

  private final NodeFile.Node node;
  private final SSLContext context;

  /**
   * Reads the keys; connects later.
   *
   * @throws IOException when they cannot be used
   */
  TlsSockets(NodeFile.Node node) throws IOException {
    this.node = node;
    try {
      this.context = ClientKeys.context(node);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new Unusable("cert, key or ca of the node cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public Socket createSocket() throws IOException {
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(node.host(), node.port()), CONNECT_MILLIS);
      return encrypted(plain);
    } catch (IOException e) {
      plain.close();
      throw new Unusable(node.host() + ":" + node.port() + ": " + e.getMessage(), e);
    }
  }

  private Socket encrypted(Socket plain) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, SERVER_NAME, node.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    parameters.setApplicationProtocols(new String[] {HTTP_2});
    // The certificate has to be for SERVER_NAME, as RFC 2818 has it.
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (!HTTP_2.equals(socket.getApplicationProtocol())) {
      throw new Unusable("it does not speak HTTP/2");
    }
    return socket;
  }
}
