package io.joblet.storage.service;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Requests of any method with something in every field, made of their descriptors. */
final class Filled {
  /** A fault of the daemon's own; all else is an answer to what was asked. */
  private static final Set<Code> FAULTS =
      EnumSet.of(Code.INTERNAL, Code.UNKNOWN, Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED);

  private Filled() {}

  /** What the daemon says if the request shows a fault of its own. */
  static Optional<String> fault(Channel channel, MethodDescriptor<?, ?> method, Message request) {
    return Methods.refusal(channel, method, request)
        .flatMap(refusal -> fault(refusal, method, request));
  }

  static Optional<String> fault(
      StatusRuntimeException refusal, MethodDescriptor<?, ?> method, Message request) {
    return FAULTS.contains(refusal.getStatus().getCode())
        ? Optional.of(method.getBareMethodName() + ": " + refusal.getStatus() + " for " + request)
        : Optional.empty();
  }

  /** Those whose requests have strings. */
  static List<MethodDescriptor<?, ?>> methods() {
    return Methods.all().stream().filter(m -> !strings(Methods.request(m)).isEmpty()).toList();
  }

  /** Every string of a request, also of the messages in it, once each. */
  static Set<FieldDescriptor> strings(Descriptor message) {
    Set<FieldDescriptor> found = new LinkedHashSet<>();
    collect(message, found);
    return found;
  }

  private static void collect(Descriptor message, Set<FieldDescriptor> found) {
    for (FieldDescriptor field : message.getFields()) {
      if (field.getJavaType() == JavaType.STRING) {
        found.add(field);
      } else if (field.getJavaType() == JavaType.MESSAGE) {
        collect(field.getMessageType(), found);
      }
    }
  }

  /** Every field with something in it, which is the text in all strings. */
  static Message.Builder with(Message empty, String text) {
    Message.Builder message = empty.newBuilderForType();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.getJavaType() == JavaType.BOOLEAN || inUse(message, field)) {
        continue;
      }
      Object value = value(message, field, text);
      if (field.isRepeated()) {
        message.addRepeatedField(field, value);
      } else {
        message.setField(field, value);
      }
    }
    return message;
  }

  private static boolean inUse(Message.Builder message, FieldDescriptor field) {
    return field.getRealContainingOneof() != null
        && message.hasOneof(field.getRealContainingOneof());
  }

  private static Object value(Message.Builder message, FieldDescriptor field, String text) {
    return switch (field.getJavaType()) {
      case STRING -> text;
      case INT -> 1;
      case LONG -> 16L << 20;
      case ENUM -> field.getEnumType().getValues().get(1);
      case MESSAGE -> with(message.newBuilderForField(field).build(), text).build();
      case BOOLEAN, FLOAT, DOUBLE, BYTE_STRING ->
          throw new AssertionError("no request has such a field: " + field.getFullName());
    };
  }
}
