package io.joblet.storage.cli.daemon;

import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Ways to the daemon; connected by the first call. */
final class Channels {
  /** What every daemon's certificate is for, wherever it is reached. */
  private static final String SERVER_NAME = "joblet";

  /** A page of 1,000 volumes, each with as many labels as it may have, fits. */
  private static final int LARGEST_ANSWER_BYTES = 64 << 20;

  private Channels() {}

  static ManagedChannel socket(Path socket) {
    // The address is a number so that nothing is resolved; the socket factory ignores it.
    return build(
        OkHttpChannelBuilder.forAddress("127.0.0.1", 1)
            .overrideAuthority("localhost")
            .usePlaintext()
            .socketFactory(new UnixSockets(socket)));
  }

  /** By mutual TLS, to a server whose certificate is for {@code joblet}. */
  static ManagedChannel tls(NodeFile.Node node) throws IOException {
    TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
    try {
      credentials.keyManager(stream(node.cert()), stream(node.key()));
      credentials.trustManager(stream(node.ca()));
      return build(
          OkHttpChannelBuilder.forAddress(node.host(), node.port(), credentials.build())
              .overrideAuthority(SERVER_NAME));
    } catch (IllegalArgumentException e) {
      throw new IOException("cert, key or ca of the node cannot be used: " + e.getMessage(), e);
    }
  }

  private static ManagedChannel build(OkHttpChannelBuilder builder) {
    return builder
        .proxyDetector(address -> null)
        .disableServiceConfigLookUp()
        .disableRetry()
        .directExecutor()
        .maxInboundMessageSize(LARGEST_ANSWER_BYTES)
        .build();
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
