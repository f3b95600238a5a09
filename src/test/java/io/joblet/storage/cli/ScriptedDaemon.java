package io.joblet.storage.cli;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.ReportServiceGrpc;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC server on a Unix socket, as the daemon's, that gives prepared answers in turn and keeps
 * what it was asked. Built from method descriptors: a class that extended a generated base would
 * make Quarkus drop the daemon's own service.
 */
final class ScriptedDaemon implements AutoCloseable {
  private final EpollEventLoopGroup group = new EpollEventLoopGroup(1);
  private final Queue<Object> answers = new ArrayDeque<>();
  private final List<Message> requests = new ArrayList<>();
  private final Server server;
  private final Path socket;

  ScriptedDaemon(Path socket) throws IOException {
    this.socket = socket;
    this.server =
        start(
            NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group));
  }

  /** On a free port, by TLS. */
  ScriptedDaemon(SslContext tls) throws IOException {
    this.socket = null;
    this.server = start(NettyServerBuilder.forPort(0).sslContext(tls));
  }

  private Server start(NettyServerBuilder builder) throws IOException {
    return builder
        .addService(service(VolumeServiceGrpc.getServiceDescriptor()))
        .addService(service(AdminServiceGrpc.getServiceDescriptor()))
        .addService(service(JobServiceGrpc.getServiceDescriptor()))
        .addService(service(ReportServiceGrpc.getServiceDescriptor()))
        .addService(service(AccessServiceGrpc.getServiceDescriptor()))
        .build()
        .start();
  }

  int port() {
    return server.getPort();
  }

  Path socket() {
    return socket;
  }

  /** The next call gets this answer. */
  synchronized ScriptedDaemon answer(Message answer) {
    answers.add(answer);
    return this;
  }

  /** The next call is refused with this, an exception as the daemon's edge makes it. */
  synchronized ScriptedDaemon refuse(RuntimeException refusal) {
    answers.add(refusal);
    return this;
  }

  /** The next call, one for output, gets what this sends; it may wait for what it likes. */
  synchronized ScriptedDaemon script(Script script) {
    answers.add(script);
    return this;
  }

  /** The next call, one for output, gets these events and the end. */
  ScriptedDaemon stream(JobOutput... events) {
    return script(call -> {
      List.of(events).forEach(call::onNext);
      call.onCompleted();
    });
  }

  /** The next call, one for output, gets these events and then this failure. */
  ScriptedDaemon breakOff(RuntimeException failure, JobOutput... events) {
    return script(call -> {
      List.of(events).forEach(call::onNext);
      call.onError(failure);
    });
  }

  /** What a call for output gets. */
  interface Script {
    void run(ServerCallStreamObserver<JobOutput> call) throws Exception;
  }

  /** The first request of that type, as soon as it is there. */
  synchronized <M extends Message> M await(Class<M> type) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      for (Message request : requests) {
        if (type.isInstance(request)) {
          return type.cast(request);
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("no " + type.getSimpleName() + " came, but " + requests);
      }
      wait(left);
    }
  }

  synchronized List<Message> requests() {
    return List.copyOf(requests);
  }

  /** The one request there was. */
  <M extends Message> M request(Class<M> type) {
    List<Message> all = requests();
    if (all.size() != 1) {
      throw new AssertionError("expected one request, got " + all);
    }
    return type.cast(all.getFirst());
  }

  private synchronized Object take(Message request) {
    requests.add(request);
    notifyAll();
    Object answer = answers.poll();
    return answer == null
        ? Status.INTERNAL.withDescription("nothing prepared for " + request).asRuntimeException()
        : answer;
  }

  private ServerServiceDefinition service(ServiceDescriptor descriptor) {
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor);
    descriptor.getMethods().forEach(method -> add(service, method));
    return service.build();
  }

  private <Q, A> void add(ServerServiceDefinition.Builder service, MethodDescriptor<Q, A> method) {
    service.addMethod(
        method,
        method.getType() == MethodDescriptor.MethodType.UNARY
            ? ServerCalls.asyncUnaryCall(this::reply)
            : ServerCalls.asyncServerStreamingCall(this::reply));
  }

  @SuppressWarnings("unchecked")
  private <Q, A> void reply(Q request, StreamObserver<A> observer) {
    Object answer = take((Message) request);
    if (answer instanceof RuntimeException refusal) {
      observer.onError(refusal);
    } else if (answer instanceof Script script) {
      play(script, (ServerCallStreamObserver<JobOutput>) observer);
    } else {
      observer.onNext((A) answer);
      observer.onCompleted();
    }
  }

  private static void play(Script script, ServerCallStreamObserver<JobOutput> call) {
    try {
      script.run(call);
    } catch (Exception failed) {
      call.onError(Status.INTERNAL.withCause(failed).asRuntimeException());
    }
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);
  }
}
