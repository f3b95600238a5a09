package io.joblet.storage.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Timestamp;
import io.joblet.storage.access.Permission;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;

/**
 * The OpenAPI 3.1 document, made of {@link Routes} and of the messages' own descriptions, so that
 * it says what {@link RequestReader} reads and {@link MessageWriter} writes.
 */
@ApplicationScoped
class OpenApi {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String SCHEMAS = "#/components/schemas/";

  private final ObjectNode document = JSON.objectNode();
  private final ObjectNode schemas = JSON.objectNode();

  OpenApi(Routes routes) {
    document.put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "joblet storage")
        .put("version", "1")
        .put(
            "description",
            "Volumes for jobs on one host. Each operation is the gRPC method of its operationId and"
                + " checks, does and refuses the same.");
    document.putArray("servers").addObject().put("url", RestServer.ROOT);
    var security = document.putArray("security");
    security.addObject().putArray("token");
    security.addObject().putArray("certificate");
    ObjectNode paths = document.putObject("paths");
    for (Route route : routes.all()) {
      ObjectNode path = paths.withObjectProperty(route.path());
      path.set(route.verb().name().toLowerCase(Locale.ROOT), operation(route));
    }
    ObjectNode components = document.putObject("components");
    ObjectNode schemes = components.putObject("securitySchemes");
    schemes.putObject("token").put("type", "http").put("scheme", "bearer");
    schemes.putObject("certificate").put("type", "mutualTLS");
    schemas.set("Problem", problem());
    components.set("schemas", schemas);
  }

  ObjectNode document() {
    return document;
  }

  private ObjectNode operation(Route route) {
    ObjectNode operation = JSON.objectNode();
    operation.put("operationId", route.rpc());
    operation.putArray("tags").add(route.parts().getFirst());
    operation.put(
        "description", "For the role " + Permission.ofMethod(route.rpc()).least().text() + ".");
    addParameters(operation, route);
    if (route.verb().hasBody()) {
      operation
          .putObject("requestBody")
          .putObject("content")
          .putObject("application/json")
          .set("schema", body(route));
    }
    ObjectNode responses = operation.putObject("responses");
    addAnswer(responses, route);
    responses
        .putObject("default")
        .put("description", "A refusal, RFC 9457")
        .putObject("content")
        .putObject(HttpProblem.TYPE)
        .set("schema", reference("Problem"));
    return operation;
  }

  private void addAnswer(ObjectNode responses, Route route) {
    ObjectNode answer = responses.putObject(Integer.toString(route.status()));
    answer.put("description", route.status() == 201 ? "Made" : "Done");
    if (isTagged(route)) {
      answer
          .putObject("headers")
          .putObject("ETag")
          .put("description", "The version of the row, for If-Match and If-None-Match")
          .putObject("schema")
          .put("type", "string");
    }
    if (isConditional(route)) {
      responses.putObject("304").put("description", "It is as If-None-Match says");
    }
    ObjectNode content = answer.putObject("content");
    switch (route.deed()) {
      case Route.Once once -> content.putObject("application/json").set("schema", shown(route));
      case Route.AsEvents events ->
          content.putObject("text/event-stream").putObject("schema").put("type", "string");
      case Route.AsBytes bytes ->
          content.putObject("text/plain").putObject("schema").put("type", "string");
    }
  }

  private ObjectNode shown(Route route) {
    return message(typeShown(route));
  }

  private static Descriptor typeShown(Route route) {
    Descriptor answer = route.answer();
    return route.shown().isEmpty()
        ? answer
        : answer.findFieldByName(route.shown()).getMessageType();
  }

  private void addParameters(ObjectNode operation, Route route) {
    var parameters = operation.putArray("parameters");
    for (FieldDescriptor field : route.empty().getDescriptorForType().getFields()) {
      boolean inPath = route.parts().contains("{" + field.getName() + "}");
      String header = header(field.getName(), route);
      if (!inPath && !header.isEmpty()) {
        parameters
            .addObject()
            .put("name", header)
            .put("in", "header")
            .putObject("schema")
            .put("type", "string");
      }
      if (inPath || route.isInQuery(field.getName())) {
        parameters
            .addObject()
            .put("name", field.getName())
            .put("in", inPath ? "path" : "query")
            .put("required", inPath)
            .set("schema", field.isMapField() ? pairs() : whole(field));
      }
    }
    if (isConditional(route)) {
      parameters
          .addObject()
          .put("name", "If-None-Match")
          .put("in", "header")
          .putObject("schema")
          .put("type", "string");
    }
  }

  /** Whether what it shows has a version, which its answer's ETag is. */
  private static boolean isTagged(Route route) {
    return route.deed() instanceof Route.Once
        && typeShown(route).findFieldByName(RequestReader.ROW_VERSION) != null;
  }

  private static boolean isConditional(Route route) {
    return route.verb() == Route.Verb.GET && isTagged(route);
  }

  /** The header that a field may come in too. */
  private static String header(String field, Route route) {
    return switch (field) {
      case RequestReader.REQUEST_ID -> "Idempotency-Key";
      case RequestReader.ROW_VERSION -> "If-Match";
      case "after_position" -> route.verb() == Route.Verb.GET ? "Last-Event-ID" : "";
      default -> "";
    };
  }

  private static ObjectNode pairs() {
    ObjectNode pairs = JSON.objectNode().put("type", "array");
    pairs.putObject("items").put("type", "string").put("pattern", "^[^=]+=.*$");
    return pairs;
  }

  /** The fields that are not in the path. */
  private ObjectNode body(Route route) {
    ObjectNode schema = JSON.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    for (FieldDescriptor field : route.empty().getDescriptorForType().getFields()) {
      if (!route.parts().contains("{" + field.getName() + "}")) {
        properties.set(field.getName(), whole(field));
      }
    }
    return schema.put("additionalProperties", false);
  }

  private ObjectNode whole(FieldDescriptor field) {
    if (field.isMapField()) {
      ObjectNode map = JSON.objectNode().put("type", "object");
      map.putObject("additionalProperties").put("type", "string");
      return map;
    }
    if (field.isRepeated()) {
      ObjectNode list = JSON.objectNode().put("type", "array");
      list.set("items", one(field));
      return list;
    }
    return one(field);
  }

  private ObjectNode one(FieldDescriptor field) {
    ObjectNode schema = JSON.objectNode();
    return switch (field.getJavaType()) {
      case STRING -> schema.put("type", "string");
      case BOOLEAN -> schema.put("type", "boolean");
      case INT -> schema.put("type", "integer").put("format", "int32");
      case LONG -> schema.put("type", "integer").put("format", "int64");
      case FLOAT, DOUBLE -> schema.put("type", "number");
      case BYTE_STRING -> schema.put("type", "string").put("contentEncoding", "base64");
      case ENUM -> constants(field, schema);
      case MESSAGE -> message(field.getMessageType());
    };
  }

  private static ObjectNode constants(FieldDescriptor field, ObjectNode schema) {
    var names = schema.put("type", "string").putArray("enum");
    for (EnumValueDescriptor value : field.getEnumType().getValues()) {
      if (value.getNumber() != 0) {
        names.add(value.getName().toLowerCase(Locale.ROOT));
      }
    }
    return schema;
  }

  private ObjectNode message(Descriptor type) {
    if (type.equals(Timestamp.getDescriptor())) {
      return JSON.objectNode().put("type", "string").put("format", "date-time");
    }
    if (type.equals(Duration.getDescriptor())) {
      return JSON.objectNode().put("type", "string").put("pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$");
    }
    if (type.equals(FieldMask.getDescriptor())) {
      ObjectNode mask = JSON.objectNode().put("type", "array");
      mask.putObject("items").put("type", "string");
      return mask;
    }
    if (!schemas.has(type.getName())) {
      ObjectNode schema = schemas.putObject(type.getName()).put("type", "object");
      ObjectNode properties = schema.putObject("properties");
      type.getFields().forEach(f -> properties.set(f.getName(), whole(f)));
    }
    return reference(type.getName());
  }

  private static ObjectNode reference(String name) {
    return JSON.objectNode().put("$ref", SCHEMAS + name);
  }

  private static ObjectNode problem() {
    ObjectNode schema = JSON.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    for (String text : new String[] {"type", "title", "detail", "reason", "request_id"}) {
      properties.putObject(text).put("type", "string");
    }
    properties.putObject("status").put("type", "integer");
    ObjectNode error = properties.putObject("errors").put("type", "array").putObject("items");
    error.put("type", "object");
    ObjectNode members = error.putObject("properties");
    members.putObject("field").put("type", "string");
    members.putObject("rule").put("type", "string");
    return schema;
  }
}
