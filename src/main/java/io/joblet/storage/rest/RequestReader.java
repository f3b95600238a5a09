package io.joblet.storage.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.problem.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a method's request of an HTTP request: fields in the path, others in the query or in a JSON
 * body, the id of the request in {@code Idempotency-Key}, the row's version in {@code If-Match}.
 * Nothing is passed over: what has no meaning for the method is refused.
 */
final class RequestReader {
  static final String REQUEST_ID = "request_id";
  static final String ROW_VERSION = "row_version";
  private static final String MASK = "update_mask";
  private static final String POSITION = "after_position";

  /** The one message whose mask names the fields within. */
  private static final String LIMITS = "limits";

  private final Checks checks = new Checks();
  private final MessageReader messages = new MessageReader(checks);
  private final Route route;
  private final Message.Builder message;
  private final Set<String> given = new HashSet<>();
  private boolean isOfNoVersion;

  private RequestReader(Route route) {
    this.route = route;
    this.message = route.empty().newBuilderForType();
  }

  /** The parts of an HTTP request that mean something. */
  record Parts(List<String> path, MultiMap query, MultiMap headers, Buffer body) {}

  /**
   * Reads it.
   *
   * @throws Problem.Invalid naming everything that is wrong
   * @throws Problem.Conflict when no row can have the version that is demanded
   */
  static Message read(Route route, Parts parts) {
    RequestReader reader = new RequestReader(route);
    reader.readPath(parts.path());
    reader.readQuery(parts.query());
    if (route.verb().hasBody()) {
      reader.readBody(parts.body());
    } else {
      reader.checks.require(
          parts.body().length() == 0, "body", "must be empty; fields come in the query");
    }
    reader.readHeader(parts.headers(), "Idempotency-Key", REQUEST_ID);
    reader.readHeader(parts.headers(), "If-Match", ROW_VERSION);
    reader.readHeader(parts.headers(), "Last-Event-ID", POSITION);
    reader.checks.require(
        route.verb() == Route.Verb.GET || !parts.headers().contains("If-None-Match"),
        "If-None-Match",
        "has no meaning but for GET");
    reader.checks.done();
    if (reader.isOfNoVersion) {
      throw new Problem.Conflict("it has none of the versions that If-Match names", null);
    }
    return reader.message.build();
  }

  private void readPath(List<String> path) {
    List<String> names = route.parts();
    for (int i = 0; i < names.size(); i++) {
      String name = Route.field(names.get(i));
      if (!name.isEmpty()) {
        given.add(name);
        readText(name, path.get(i));
      }
    }
  }

  private void readQuery(MultiMap query) {
    for (Map.Entry<String, String> parameter : query) {
      String name = parameter.getKey();
      FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
      if (field == null || (route.verb().hasBody() && !route.isInQuery(name))) {
        checks.require(false, name, "is not a query parameter of this path");
      } else if (given.add(name) || field.isRepeated()) {
        readText(name, parameter.getValue());
      } else {
        checks.require(false, name, "is given twice");
      }
    }
  }

  /** A value without type: read as the field's type wants it. */
  private void readText(String name, String text) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
    if (field.isMapField()) {
      int equals = text.indexOf('=');
      String key = text.substring(0, Math.max(equals, 0));
      checks.require(equals > 0, name, "must be KEY=VALUE");
      checks.require(given.add(name + "." + key), name + "." + key, "is given twice");
      messages.putText(field, key, text.substring(equals + 1), message, name);
      return;
    }
    JsonNode value =
        field.getJavaType() == FieldDescriptor.JavaType.BOOLEAN
                && (text.equals("true") || text.equals("false"))
            ? JsonNodeFactory.instance.booleanNode(text.equals("true"))
            : JsonNodeFactory.instance.textNode(text);
    JsonNode whole = field.isRepeated() ? JsonNodeFactory.instance.arrayNode().add(value) : value;
    messages.read(JsonNodeFactory.instance.objectNode().<JsonNode>set(name, whole), message, "");
  }

  private void readBody(Buffer body) {
    if (body.length() == 0) {
      return;
    }
    JsonNode json = JsonBody.read(body, checks);
    if (json == null || !json.isObject()) {
      checks.require(json == null, "body", "must be a JSON object");
      return;
    }
    for (String name : given) {
      checks.require(
          !json.has(name), name, "is in the " + (route.isInQuery(name) ? "query" : "path"));
    }
    messages.read(json, message, "");
    json.fieldNames().forEachRemaining(given::add);
    maskWhatIsGiven(json);
  }

  /** What a PATCH has is what it changes. */
  private void maskWhatIsGiven(JsonNode json) {
    FieldDescriptor mask = message.getDescriptorForType().findFieldByName(MASK);
    if (mask == null || json.has(MASK)) {
      return;
    }
    FieldMask.Builder paths = FieldMask.newBuilder();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (entry.getKey().equals(LIMITS)) {
        entry.getValue().fieldNames().forEachRemaining(paths::addPaths);
      } else if (!entry.getKey().equals(REQUEST_ID) && !entry.getKey().equals(ROW_VERSION)) {
        paths.addPaths(entry.getKey());
      }
    }
    message.setField(mask, paths.build());
  }

  private void readHeader(MultiMap headers, String header, String name) {
    if (!headers.contains(header)) {
      return;
    }
    // Lines of one name are one list (RFC 9110, 5.3).
    String text = String.join(", ", headers.getAll(header));
    if (message.getDescriptorForType().findFieldByName(name) == null) {
      checks.require(false, header, "has no meaning for this path");
      return;
    }
    // A browser that comes back asks for the address of its first time, and says where it was.
    if (!given.add(name) && !name.equals(POSITION)) {
      checks.require(false, header, "is given as " + name + " too");
      return;
    }
    if (name.equals(ROW_VERSION)) {
      readVersion(text);
    } else {
      readText(name, text);
    }
  }

  /** A method demands one version, and 0 where that means none would be any. */
  private void readVersion(String header) {
    if (EntityTag.isAny(header)) {
      return;
    }
    List<String> versions = EntityTag.versions(header, checks);
    boolean zero = message.getDescriptorForType().findFieldByName(ROW_VERSION).hasPresence();
    List<String> possible = versions.stream().filter(v -> zero || !v.equals("0")).toList();
    checks.require(possible.size() <= 1, "If-Match", "must name one version");
    isOfNoVersion = possible.isEmpty();
    possible.stream().limit(1).forEach(version -> readText(ROW_VERSION, version));
  }
}
