package io.joblet.storage.service;

import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.joblet.storage.cli.tls.Authority;
import io.joblet.storage.cli.tls.Credentials;
import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.VolumeServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Somebody at the TLS port. */
final class Remote implements AutoCloseable {
  private static final Duration LIFE = Duration.ofDays(1);

  private final ManagedChannel channel;

  private Remote(ManagedChannel channel) {
    this.channel = channel;
  }

  /** The CA that the service trusts. */
  static Authority authority(Path directory) {
    return new Authority(read(directory, "ca"));
  }

  private static Credentials read(Path directory, String name) {
    try {
      return Credentials.of(
          Files.readString(directory.resolve(name + ".pem")),
          Files.readString(directory.resolve(name + ".key")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Credentials issued(Authority authority, String owner, String... roles) {
    Instant now = Instant.now();
    return authority.client(owner, List.of(roles), now, now.plus(LIFE));
  }

  static Credentials expired(Authority authority, String owner, String role) {
    Instant now = Instant.now();
    return authority.client(owner, List.of(role), now.minus(LIFE), now.minusSeconds(60));
  }

  /**
   * Connects with the first call.
   *
   * @param client null for no certificate
   */
  static Remote connect(int port, Authority trusted, Credentials client) {
    TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
    try {
      credentials.trustManager(stream(trusted.own().certificatePem()));
      if (client != null) {
        credentials.keyManager(stream(client.certificatePem()), stream(client.keyPem()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Remote(
        NettyChannelBuilder.forAddress("127.0.0.1", port, credentials.build())
            .overrideAuthority("joblet")
            .disableRetry()
            .build());
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }

  ManagedChannel channel() {
    return channel;
  }

  VolumeServiceGrpc.VolumeServiceBlockingStub volumes() {
    return VolumeServiceGrpc.newBlockingStub(channel);
  }

  JobServiceGrpc.JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(channel)
        .withInterceptors(new Deadline(Duration.ofMinutes(1)));
  }

  AccessServiceGrpc.AccessServiceBlockingStub access() {
    return AccessServiceGrpc.newBlockingStub(channel);
  }

  AdminServiceGrpc.AdminServiceBlockingStub admin() {
    return AdminServiceGrpc.newBlockingStub(channel);
  }

  @Override
  public void close() {
    try {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
