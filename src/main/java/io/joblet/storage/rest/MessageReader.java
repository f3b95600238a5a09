package io.joblet.storage.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.joblet.storage.problem.Checks;
import java.text.ParseException;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads JSON into a message: keys are the message's field names, whole numbers are numbers or
 * digits in a string, constants are their names in any case, times RFC 3339, durations seconds as
 * in {@code "3.5s"}, bytes base64. What is wrong goes to the {@link Checks}, with the field's path.
 *
 * <p>Not protobuf's JsonFormat: its errors name types of ours and no field.
 */
final class MessageReader {
  private static final long MAX_UINT32 = 0xFFFF_FFFFL;

  private final Checks checks;

  MessageReader(Checks checks) {
    this.checks = checks;
  }

  /** Reads all keys of an object. */
  void read(JsonNode object, Message.Builder into, String path) {
    if (!object.isObject()) {
      checks.require(false, path.isEmpty() ? "body" : path, "must be an object");
      return;
    }
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      FieldDescriptor field = into.getDescriptorForType().findFieldByName(entry.getKey());
      String name = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      if (field == null) {
        checks.require(false, name, "is not a field of this request");
      } else if (!entry.getValue().isNull()) {
        read(field, entry.getValue(), into, name);
      }
    }
  }

  private void read(FieldDescriptor field, JsonNode value, Message.Builder into, String name) {
    if (field.isMapField()) {
      readMap(field, value, into, name);
    } else if (field.isRepeated()) {
      if (!value.isArray()) {
        checks.require(false, name, "must be a list");
        return;
      }
      int at = 0;
      for (JsonNode item : value) {
        add(field, one(field, item, into, name + "[" + at++ + "]"), into);
      }
    } else {
      Object read = one(field, value, into, name);
      if (read != null) {
        into.setField(field, read);
      }
    }
  }

  private void readMap(FieldDescriptor field, JsonNode value, Message.Builder into, String name) {
    if (!value.isObject()) {
      checks.require(false, name, "must be an object of strings");
      return;
    }
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      if (entry.getValue().isTextual()) {
        putText(field, entry.getKey(), entry.getValue().textValue(), into, name);
      } else {
        checks.require(false, name + "." + entry.getKey(), "must be a string");
      }
    }
  }

  /** All maps of the messages are of strings. */
  void putText(FieldDescriptor field, String key, String value, Message.Builder into, String name) {
    Message.Builder entry = into.newBuilderForField(field);
    entry.setField(entry.getDescriptorForType().findFieldByName("key"), whole(key, name));
    entry.setField(
        entry.getDescriptorForType().findFieldByName("value"), whole(value, name + "." + key));
    into.addRepeatedField(field, entry.build());
  }

  /**
   * Half of a pair of surrogates, which JSON can escape by itself, is no character and has no
   * UTF-8: on its way to the database it would become another text.
   */
  private String whole(String text, String name) {
    checks.require(
        UTF_8.newEncoder().canEncode(text),
        name,
        "has half of a surrogate pair, which is no character");
    return text;
  }

  private static void add(FieldDescriptor field, Object value, Message.Builder into) {
    if (value != null) {
      into.addRepeatedField(field, value);
    }
  }

  /** A single value; null if it is wrong. */
  private Object one(FieldDescriptor field, JsonNode value, Message.Builder into, String name) {
    return switch (field.getJavaType()) {
      case STRING ->
          value.isTextual() ? whole(value.textValue(), name) : wrong(name, "must be a string");
      case BOOLEAN ->
          value.isBoolean() ? value.booleanValue() : wrong(name, "must be true or false");
      case INT -> number(value, name, isUnsigned(field) ? 0 : Integer.MIN_VALUE, largest(field));
      case LONG -> number(value, name, Long.MIN_VALUE, Long.MAX_VALUE);
      case ENUM -> constant(field, value, name);
      case MESSAGE -> message(field, value, into, name);
      case BYTE_STRING -> bytes(value, name);
      case FLOAT, DOUBLE ->
          value.isNumber() ? value.doubleValue() : wrong(name, "must be a number");
    };
  }

  private static boolean isUnsigned(FieldDescriptor field) {
    return field.getType() == FieldDescriptor.Type.UINT32;
  }

  private static long largest(FieldDescriptor field) {
    return isUnsigned(field) ? MAX_UINT32 : Integer.MAX_VALUE;
  }

  private Object number(JsonNode value, String name, long least, long most) {
    String rule =
        most == Long.MAX_VALUE
            ? "must be a whole number of 64 bits"
            : "must be a whole number from " + least + " to " + most;
    try {
      long number =
          value.isTextual()
              ? decimal(value.textValue())
              : value.isIntegralNumber() && value.canConvertToLong()
                  ? value.longValue()
                  : Long.parseLong("no number");
      if (number < least || number > most) {
        return wrong(name, rule);
      }
      return most == Long.MAX_VALUE ? (Object) number : (Object) (int) number;
    } catch (NumberFormatException e) {
      return wrong(name, rule);
    }
  }

  /** A leading zero would mean eight to whoever writes a mode, and is no number in JSON either. */
  private static long decimal(String text) {
    if (!text.matches("-?(0|[1-9][0-9]*)")) {
      throw new NumberFormatException(text);
    }
    return Long.parseLong(text);
  }

  private Object constant(FieldDescriptor field, JsonNode value, String name) {
    List<EnumValueDescriptor> values = field.getEnumType().getValues();
    String wanted = value.isTextual() ? value.textValue().toUpperCase(Locale.ROOT) : "";
    for (EnumValueDescriptor constant : values) {
      if (constant.getNumber() != 0 && constant.getName().equals(wanted)) {
        return constant;
      }
    }
    return wrong(
        name,
        "must be one of "
            + values.stream()
                .filter(v -> v.getNumber() != 0)
                .map(v -> v.getName().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }

  private Object message(FieldDescriptor field, JsonNode value, Message.Builder into, String name) {
    String type = field.getMessageType().getFullName();
    if (type.equals(Duration.getDescriptor().getFullName())) {
      return parsed(value, name, "must be seconds as in \"90s\" or \"1.5s\"", Durations::parse);
    }
    if (type.equals(Timestamp.getDescriptor().getFullName())) {
      return parsed(
          value, name, "must be a time as in \"2026-01-31T12:00:00Z\"", Timestamps::parse);
    }
    if (type.equals(FieldMask.getDescriptor().getFullName())) {
      return mask(value, name);
    }
    Message.Builder message = into.newBuilderForField(field);
    read(value, message, name);
    return message.build();
  }

  private Object mask(JsonNode value, String name) {
    FieldMask.Builder mask = FieldMask.newBuilder();
    if (!value.isArray()) {
      return wrong(name, "must be a list of field names");
    }
    for (Iterator<JsonNode> i = value.elements(); i.hasNext(); ) {
      JsonNode path = i.next();
      if (!path.isTextual()) {
        return wrong(name, "must be a list of field names");
      }
      mask.addPaths(whole(path.textValue(), name));
    }
    return mask.build();
  }

  @FunctionalInterface
  private interface Parser {
    Message parse(String text) throws ParseException;
  }

  private Object parsed(JsonNode value, String name, String rule, Parser parser) {
    try {
      return value.isTextual() ? parser.parse(value.textValue()) : wrong(name, rule);
    } catch (ParseException | IllegalArgumentException e) {
      return wrong(name, rule);
    }
  }

  private Object bytes(JsonNode value, String name) {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(value.asText()));
    } catch (IllegalArgumentException e) {
      return wrong(name, "must be base64");
    }
  }

  private Object wrong(String name, String rule) {
    checks.require(false, name, rule);
    return null;
  }
}
