package io.joblet.storage.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * A path that is a method.
 *
 * @param verb the HTTP method
 * @param path below {@code /api/v1}; {@code {field}} is a field of the request
 * @param parts of the path, e.g. {@code volumes}, <code>{volume}</code>
 * @param rpc the gRPC method's name, e.g. {@code CreateVolume}
 * @param empty an instance of the request
 * @param answer what the answer is
 * @param deed calls the method
 * @param shown the field of the answer that is shown; the whole answer if empty
 * @param status of success
 * @param inQuery the fields that may come in the query although there is a body
 */
record Route(
    Verb verb,
    String path,
    List<String> parts,
    String rpc,
    Message empty,
    Descriptor answer,
    Deed deed,
    String shown,
    int status,
    Set<String> inQuery) {

  /** What is done with a resource. */
  enum Verb {
    GET(false),
    POST(true),
    PUT(true),
    PATCH(true),
    DELETE(false);

    private final boolean body;

    Verb(boolean body) {
      this.body = body;
    }

    /** Whether fields that are not in the path come in a body; else in the query. */
    boolean hasBody() {
      return body;
    }
  }

  /** How a method answers. */
  sealed interface Deed {}

  /** With one message. */
  record Once(Function<Message, Uni<? extends Message>> call) implements Deed {}

  /** With many, as server-sent events. */
  record AsEvents(Function<Message, Multi<? extends Message>> call) implements Deed {}

  /** With many, whose bytes are the answer. */
  record AsBytes(Function<Message, Multi<? extends Message>> call) implements Deed {}

  /** A method that answers once, with all of its answer. */
  static <Q extends Message, A extends Message> Route of(
      Verb verb, String path, Q empty, Function<Q, Uni<A>> call) {
    return of(verb, path, rpcOf(empty), empty, call);
  }

  /** One whose request is not called as it is. */
  @SuppressWarnings("unchecked")
  static <Q extends Message, A extends Message> Route of(
      Verb verb, String path, String rpc, Q empty, Function<Q, Uni<A>> call) {
    return whole(verb, path, rpc, empty, new Once(request -> call.apply((Q) request)));
  }

  /** A method that streams, as server-sent events. */
  @SuppressWarnings("unchecked")
  static <Q extends Message, A extends Message> Route events(
      String path, Q empty, Function<Q, Multi<A>> call) {
    Deed deed = new AsEvents(request -> call.apply((Q) request));
    return whole(Verb.GET, path, rpcOf(empty), empty, deed);
  }

  /** A method that streams output, as the bytes of it. */
  @SuppressWarnings("unchecked")
  static <Q extends Message, A extends Message> Route bytes(
      String path, Q empty, Function<Q, Multi<A>> call) {
    Deed deed = new AsBytes(request -> call.apply((Q) request));
    return whole(Verb.GET, path, rpcOf(empty), empty, deed);
  }

  private static Route whole(Verb verb, String path, String rpc, Message empty, Deed deed) {
    // Split once: every request looks at the parts of all routes.
    List<String> parts = List.of(path.substring(1).split("/"));
    return new Route(verb, path, parts, rpc, empty, answerOf(empty, rpc), deed, "", 200, Set.of());
  }

  /** The same, showing that field of the answer. */
  Route showing(String field) {
    return new Route(verb, path, parts, rpc, empty, answer, deed, field, status, inQuery);
  }

  /** The same, for one that makes what it shows. */
  Route creating(String field) {
    return new Route(verb, path, parts, rpc, empty, answer, deed, field, 201, inQuery);
  }

  /** The same, with fields that may come in the query too. */
  Route taking(String... fields) {
    return new Route(verb, path, parts, rpc, empty, answer, deed, shown, status, Set.of(fields));
  }

  /** Whether that field may come in the query. */
  boolean isInQuery(String name) {
    return inQuery.contains(name) || (!verb.hasBody() && !parts.contains("{" + name + "}"));
  }

  /** The field that a part is; empty for a part that stands for itself. */
  static String field(String part) {
    return part.startsWith("{") ? part.substring(1, part.length() - 1) : "";
  }

  private static String rpcOf(Message request) {
    return request.getDescriptorForType().getName().replaceFirst("Request$", "");
  }

  /** Services stand in the files of their requests. */
  private static Descriptor answerOf(Message request, String rpc) {
    return request.getDescriptorForType().getFile().getServices().stream()
        .map(service -> service.findMethodByName(rpc))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("there is no method " + rpc))
        .getOutputType();
  }
}
