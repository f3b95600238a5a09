package io.joblet.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.joblet.storage.faults.TcpListeners;
import io.joblet.storage.postgres.SharedPrograms;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.joblet.storage.v1.WatchVolumesRequest;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The packaged daemon as a process of its own, with everything it keeps below one directory. */
final class DaemonProcess implements AutoCloseable {
  private static final Path APP = Path.of("target", "quarkus-app");
  private static final Path OPTIONS = Path.of("packaging", "jvm.options");

  private final Path directory;
  private final Process process;

  private DaemonProcess(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  static DaemonProcess start(Path directory, String... settings) throws IOException {
    Path postgres = directory.resolve("state/postgres");
    if (!Files.exists(postgres)) {
      SharedPrograms.into(postgres);
    }
    Path cache = APP.resolve("app.aot");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + OPTIONS,
                Files.exists(cache) ? "-XX:AOTCache=" + cache : "-Xshare:auto",
                "-Djoblet-storage.settings=" + directory.resolve("storage.properties"),
                "-Djoblet.state-directory=" + directory.resolve("state"),
                "-Djoblet.volumes-directory=" + directory.resolve("state/volumes"),
                "-Djoblet.jobs-directory=" + directory.resolve("jobs"),
                "-Djoblet.run-directory=" + directory.resolve("run"),
                "-Djoblet.socket=" + directory.resolve("run/s"),
                "-Djoblet.pool.size=512MiB"));
    command.addAll(List.of(settings));
    command.addAll(List.of("-jar", APP.resolve("quarkus-run.jar").toString()));
    return new DaemonProcess(
        directory,
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("out").toFile()))
            .start());
  }

  Process process() {
    return process;
  }

  Path socket() {
    return directory.resolve("run/s");
  }

  String output() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  DaemonProcess awaitUp() {
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptionsInstanceOf(IOException.class)
        .failFast(() -> {
          if (!process.isAlive()) {
            throw new AssertionError("the daemon ended: " + output());
          }
        })
        .until(() -> get("/q/health").startsWith("HTTP/1.1 200"));
    return this;
  }

  /** The whole answer to an HTTP request over the socket. */
  String get(String path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket()));
      String request = "GET " + path + " HTTP/1.1\r\nHost: local\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(US_ASCII)));
      return new String(Channels.newInputStream(channel).readAllBytes(), US_ASCII);
    }
  }

  /**
   * A stream of events that somebody reads from now on, and what is left of it: all that came
   * behind its first word, until it ended.
   */
  Future<String> events(ExecutorService readers) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket()));
    channel.write(
        ByteBuffer.wrap("GET /api/v1/events HTTP/1.1\r\nHost: local\r\n\r\n".getBytes(US_ASCII)));
    InputStream in = Channels.newInputStream(channel);
    StringBuilder first = new StringBuilder();
    while (first.indexOf("event: caught_up") < 0) {
      first.append((char) in.read());
    }
    return readers.submit(() -> {
      try (channel) {
        return new String(in.readAllBytes(), US_ASCII);
      }
    });
  }

  /** The same by gRPC, and how it ended. */
  Future<Status.Code> watch(ExecutorService readers) {
    return reading(
        readers,
        channel ->
            VolumeServiceGrpc.newBlockingStub(channel)
                .watchVolumes(WatchVolumesRequest.getDefaultInstance()));
  }

  /** A stream of the daemon's health, and how it ended. */
  Future<Status.Code> watchHealth(ExecutorService readers) {
    return reading(
        readers,
        channel ->
            HealthGrpc.newBlockingStub(channel).watch(HealthCheckRequest.getDefaultInstance()));
  }

  private Future<Status.Code> reading(
      ExecutorService readers, Function<ManagedChannel, Iterator<?>> call) {
    CountDownLatch begun = new CountDownLatch(1);
    Future<Status.Code> end =
        readers.submit(() ->
            withChannel(channel -> {
              try {
                call.apply(channel).forEachRemaining(message -> begun.countDown());
                return Status.Code.OK;
              } catch (StatusRuntimeException e) {
                return e.getStatus().getCode();
              } finally {
                begun.countDown();
              }
            }));
    try {
      begun.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return end;
  }

  HealthCheckResponse.ServingStatus grpcHealth() throws InterruptedException {
    return withChannel(channel ->
        HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatus());
  }

  private <T> T withChannel(Function<ManagedChannel, T> call) throws InterruptedException {
    EventLoopGroup group = new EpollEventLoopGroup(1);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket().toString()))
            .eventLoopGroup(group)
            .channelType(EpollDomainSocketChannel.class)
            // A path is no authority to the server, which answers with PROTOCOL_ERROR.
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
    try {
      return call.apply(channel);
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }
  }

  /** Local addresses, in the kernel's hexadecimal, on which this process listens by TCP. */
  List<String> tcpListeners() throws IOException {
    return TcpListeners.of(process.pid());
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM; returns the exit status. */
  int terminate() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
