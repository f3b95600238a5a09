package io.joblet.storage.console;

import com.google.protobuf.Message;
import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Permission;
import io.joblet.storage.grpc.OnBehalf;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.function.Function;

/**
 * One request of somebody who is known; on a virtual thread.
 *
 * @param services how the methods are called
 * @param parts of the path, by name
 * @param query what is behind the path
 * @param form the fields of a POST
 */
record Visit(
    OnBehalf services,
    Sessions.Session session,
    Map<String, String> parts,
    MultiMap query,
    MultiMap form) {

  Identity identity() {
    return session.identity();
  }

  boolean may(Permission permission) {
    return identity().may(permission);
  }

  /** Calls the method of that request and waits for what it says. */
  <Q extends Message, A> A ask(Q request, Function<Q, Uni<A>> method) {
    return ask(method(request), request, method);
  }

  /** As the other one, for a method whose request does not have its name. */
  <Q, A> A ask(String name, Q request, Function<Q, Uni<A>> method) {
    return admit(name).call(() -> true, () -> method.apply(request)).await().indefinitely();
  }

  private static String method(Message request) {
    return request.getDescriptorForType().getName().replaceFirst("Request$", "");
  }

  /**
   * For a change, before anything is asked about it: who may not is in the audit.
   *
   * @throws io.joblet.storage.problem.Problem.Denied as the method would
   */
  OnBehalf.Admitted admit(String method) {
    // A page is no stream: it ends before anybody would be asked for again.
    return services.admit(identity(), method, () -> {});
  }

  /** A field of the form without spaces around it; empty if there is none. */
  String field(String name) {
    return text(form, name);
  }

  /** A field of the query; empty if there is none. */
  String asked(String name) {
    return text(query, name);
  }

  /** A part of the path. */
  String part(String name) {
    return parts.get(name);
  }

  private static String text(MultiMap from, String name) {
    String value = from.get(name);
    return value == null ? "" : value.strip();
  }

  Frame frame(String title, String section) {
    return new Frame(
        title,
        section,
        identity().principal(),
        identity().role().text(),
        identity().seesAll(),
        session.formToken(),
        session.byToken(),
        Notice.of(asked("done")));
  }
}
