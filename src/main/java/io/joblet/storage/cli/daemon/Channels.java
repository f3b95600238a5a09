package io.joblet.storage.cli.daemon;

import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;

/** Ways to the daemon; connected by the first call. */
final class Channels {
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
    return build(
        OkHttpChannelBuilder.forAddress("127.0.0.1", 1)
            .overrideAuthority(TlsSockets.SERVER_NAME)
            .usePlaintext()
            .socketFactory(new TlsSockets(node)));
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
}
