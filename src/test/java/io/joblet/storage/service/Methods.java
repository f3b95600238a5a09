package io.joblet.storage.service;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServiceDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.ReportServiceGrpc;
import io.joblet.storage.v1.VolumeServiceGrpc;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** All methods of all services, for tests that are made of their descriptors. */
final class Methods {
  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          VolumeServiceGrpc.getServiceDescriptor(),
          JobServiceGrpc.getServiceDescriptor(),
          AdminServiceGrpc.getServiceDescriptor(),
          AccessServiceGrpc.getServiceDescriptor(),
          ReportServiceGrpc.getServiceDescriptor(),
          io.joblet.storage.v1.joblet.VolumeServiceGrpc.getServiceDescriptor());

  private Methods() {}

  static List<MethodDescriptor<?, ?>> all() {
    return SERVICES.stream()
        .<MethodDescriptor<?, ?>>flatMap(service -> service.getMethods().stream())
        .toList();
  }

  /** An empty request of that method. */
  static Message empty(MethodDescriptor<?, ?> method) {
    return (Message) ((PrototypeMarshaller<?>) method.getRequestMarshaller()).getMessagePrototype();
  }

  static Descriptor request(MethodDescriptor<?, ?> method) {
    return empty(method).getDescriptorForType();
  }

  /** How it is refused; empty if it is not. One answer is enough, a stream need not end. */
  @SuppressWarnings("unchecked")
  static Optional<StatusRuntimeException> refusal(
      Channel channel, MethodDescriptor<?, ?> method, Message request) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
    try {
      ClientCalls.blockingServerStreamingCall(
              channel, (MethodDescriptor<Message, Message>) method, options, request)
          .next();
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      return Optional.of(e);
    }
  }
}
