package io.joblet.storage.cli;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
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
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(group)
            .workerEventLoopGroup(group)
            .addService(service(VolumeServiceGrpc.getServiceDescriptor()))
            .addService(service(AdminServiceGrpc.getServiceDescriptor()))
            .build()
            .start();
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
    service.addMethod(method, ServerCalls.asyncUnaryCall(this::reply));
  }

  @SuppressWarnings("unchecked")
  private <Q, A> void reply(Q request, StreamObserver<A> observer) {
    Object answer = take((Message) request);
    if (answer instanceof RuntimeException refusal) {
      observer.onError(refusal);
    } else {
      observer.onNext((A) answer);
      observer.onCompleted();
    }
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);
  }
}
