package io.joblet.storage.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Writes a message as JSON: every field that has a value by its name, also zero and false; absent
 * ones are left out. Whole numbers are numbers, also those of 64 bits, constants are in lower case.
 */
final class MessageWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private MessageWriter() {}

  static ObjectNode write(MessageOrBuilder message) {
    ObjectNode object = JSON.objectNode();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isMapField()) {
        object.set(field.getName(), map(message, field));
      } else if (field.isRepeated()) {
        ArrayNode list = object.putArray(field.getName());
        ((List<?>) message.getField(field)).forEach(v -> list.addPOJO(node(field, v)));
      } else if (!field.hasPresence() || message.hasField(field)) {
        object.putPOJO(field.getName(), node(field, message.getField(field)));
      }
    }
    return object;
  }

  private static ObjectNode map(MessageOrBuilder message, FieldDescriptor field) {
    ObjectNode map = JSON.objectNode();
    for (Object entry : (List<?>) message.getField(field)) {
      Message pair = (Message) entry;
      map.put(
          (String) pair.getField(pair.getDescriptorForType().findFieldByName("key")),
          (String) pair.getField(pair.getDescriptorForType().findFieldByName("value")));
    }
    return map;
  }

  private static Object node(FieldDescriptor field, Object value) {
    return switch (value) {
      case EnumValueDescriptor constant ->
          constant.getNumber() == 0 ? null : constant.getName().toLowerCase(Locale.ROOT);
      case Integer number when field.getType() == FieldDescriptor.Type.UINT32 ->
          Integer.toUnsignedLong(number);
      case ByteString bytes -> Base64.getEncoder().encodeToString(bytes.toByteArray());
      case Timestamp time -> Timestamps.toString(time);
      case Duration duration -> Durations.toString(duration);
      case Message message -> write(message);
      default -> value;
    };
  }
}
