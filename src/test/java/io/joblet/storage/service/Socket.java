package io.joblet.storage.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Talks to the daemon through its Unix socket. */
final class Socket {
  private static final EventLoopGroup LOOP =
      new EpollEventLoopGroup(2, Thread.ofPlatform().daemon().factory());

  private Socket() {}

  static ManagedChannel channel(Path socket) {
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
        .eventLoopGroup(LOOP)
        .channelType(EpollDomainSocketChannel.class)
        // A path is no authority to the server, which answers with PROTOCOL_ERROR.
        .overrideAuthority("localhost")
        .usePlaintext()
        .disableRetry()
        .build();
  }

  /** The whole answer to an HTTP request. */
  static String get(Path socket, String path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      String request = "GET " + path + " HTTP/1.1\r\nHost: local\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
      return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
    }
  }
}
