package io.joblet.storage.rest;

import com.google.protobuf.Message;
import io.joblet.storage.access.Callers;
import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Origin;
import io.joblet.storage.grpc.OnBehalf;
import io.joblet.storage.problem.Problem;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.virtual.threads.VirtualThreads;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * Serves {@link Routes} below {@code /api/v1}. Who calls and whether that role may is decided
 * before anything of the request is read; the method then runs as when gRPC calls it.
 */
@ApplicationScoped
class RestServer {
  static final String ROOT = "/api/v1";

  private static final String DOCUMENTATION = "/api/docs";

  private static final String POLICY_OF_DOCUMENTATION =
      "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

  /** As the largest message of gRPC. */
  private static final long LARGEST_BODY = 1 << 20;

  private static final String ROUTE = "joblet.route";
  private static final String CALLER = "joblet.caller";
  private static final String PATH = "joblet.path";

  private final Routes routes;
  private final OpenApi openApi;
  private final Callers callers;
  private final OnBehalf onBehalf;
  private final ExecutorService threads;

  RestServer(
      Routes routes,
      OpenApi openApi,
      Callers callers,
      OnBehalf onBehalf,
      @VirtualThreads ExecutorService threads) {
    this.routes = routes;
    this.openApi = openApi;
    this.callers = callers;
    this.onBehalf = onBehalf;
    this.threads = threads;
  }

  void register(@Observes Router router) {
    // Says nothing about anybody: whoever may connect may read it.
    router
        .get(ROOT + "/openapi.json")
        .handler(http ->
            http.response()
                .putHeader("Content-Type", "application/json")
                .end(Answer.buffer(openApi.document())));
    // Its page has a script and styles within; it is told to load nothing of others.
    router
        .get(DOCUMENTATION + "*")
        .handler(http -> {
          http.response()
              .putHeader("Content-Security-Policy", POLICY_OF_DOCUMENTATION)
              .putHeader("X-Content-Type-Options", "nosniff");
          if (http.request().path().equals(DOCUMENTATION)) {
            // What a page there refers to is relative to the slash.
            http.response()
                .setStatusCode(308)
                .putHeader(HttpHeaders.LOCATION, DOCUMENTATION + "/")
                .end();
          } else {
            http.next();
          }
        });
    String below = ROOT + "/*";
    router.route(below).handler(this::admit);
    router.route(below).handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY));
    router.route(below).handler(this::serve);
    router.route(below).failureHandler(RestServer::fail);
  }

  private void admit(RoutingContext http) {
    HttpServerRequest request = http.request();
    if (changes(request) && Origin.isForeign(request)) {
      new Answer(http, false)
          .problem(
              HttpProblem.of(
                  403,
                  "The request was sent by a page of somebody else",
                  "FOREIGN_ORIGIN",
                  "Origin and Sec-Fetch-Site must be this server's own, or absent"));
      return;
    }
    if (request.getHeader(HttpHeaders.AUTHORIZATION) == null) {
      admit(http, () -> callers.ofConnection(request));
      return;
    }
    // Whose token it is the database knows, which an event loop must not wait for.
    Context loop = Vertx.currentContext();
    request.pause();
    threads.execute(() -> {
      Supplier<Identity> caller = caller(request);
      loop.runOnContext(v -> {
        request.resume();
        admit(http, caller);
      });
    });
  }

  private static boolean changes(HttpServerRequest request) {
    return !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
  }

  private Supplier<Identity> caller(HttpServerRequest request) {
    try {
      Identity identity = callers.of(request);
      return () -> identity;
    } catch (RuntimeException e) {
      return () -> {
        throw e;
      };
    }
  }

  private void admit(RoutingContext http, Supplier<Identity> caller) {
    HttpServerRequest request = http.request();
    try {
      Identity identity = caller.get();
      if (!Utf8.isEscaped(request.uri())) {
        new Answer(http, false)
            .problem(
                HttpProblem.of(
                    400,
                    "The request breaks a rule",
                    "INVALID_REQUEST",
                    "what the address escapes must be UTF-8"));
        return;
      }
      List<String> path = path(request);
      // What GET would answer, without its body (RFC 9110, 9.3.2).
      HttpMethod method =
          request.method().equals(HttpMethod.HEAD) ? HttpMethod.GET : request.method();
      Optional<Route> route = routes.find(method.name(), path);
      if (route.isEmpty()) {
        refuse(http, path);
        return;
      }
      http.put(CALLER, onBehalf.admit(identity, route.get().rpc(), () -> callers.of(request)));
      http.put(ROUTE, route.get());
      http.put(PATH, path);
    } catch (RuntimeException e) {
      new Answer(http, false).refuse(e);
      return;
    }
    http.next();
  }

  private void refuse(RoutingContext http, List<String> path) {
    var verbs = routes.verbs(path);
    if (verbs.isEmpty()) {
      new Answer(http, false)
          .problem(
              HttpProblem.of(404, "There is no such path", "NO_SUCH_PATH", http.request().path()));
      return;
    }
    http.response()
        .putHeader("Allow", String.join(", ", verbs) + (verbs.contains("GET") ? ", HEAD" : ""));
    new Answer(http, false)
        .problem(
            HttpProblem.of(
                405,
                "This path has no such method",
                "NO_SUCH_METHOD",
                "it has " + String.join(", ", verbs)));
  }

  private void serve(RoutingContext http) {
    Route route = http.get(ROUTE);
    OnBehalf.Admitted caller = http.get(CALLER);
    Answer answer = new Answer(http, http.request().getHeader("If-Match") != null);
    Message request;
    try {
      if (!hasJson(http, route)) {
        answer.problem(
            HttpProblem.of(
                415, "The body is of another type", "NOT_JSON", "must be application/json"));
        return;
      }
      request = read(http, route);
    } catch (Problem e) {
      answer.refuse(e);
      return;
    }
    caller.call(
        () -> canTakeMore(http.response()),
        () -> {
          call(route, request, answer);
          return null;
        });
  }

  /** One that has ended takes everything: nothing is to be waited for. */
  private static boolean canTakeMore(HttpServerResponse response) {
    try {
      return response.ended() || response.closed() || !response.writeQueueFull();
    } catch (IllegalStateException endedJustNow) {
      return true;
    }
  }

  private static Message read(RoutingContext http, Route route) {
    return RequestReader.read(
        route,
        new RequestReader.Parts(
            http.get(PATH), http.queryParams(), http.request().headers(), body(http)));
  }

  private static Buffer body(RoutingContext http) {
    Buffer body = http.body().buffer();
    return body == null ? Buffer.buffer() : body;
  }

  /** A form in parts is taken apart before it comes here, and looks like no body at all. */
  private static boolean hasJson(RoutingContext http, Route route) {
    String type = http.request().getHeader("Content-Type");
    String kind = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    if (kind.startsWith("multipart/")) {
      return false;
    }
    return body(http).length() == 0 || !route.verb().hasBody() || kind.equals("application/json");
  }

  private static void call(Route route, Message request, Answer answer) {
    Context loop = Vertx.currentContext();
    switch (route.deed()) {
      case Route.Once once ->
          once.call()
              .apply(request)
              .subscribe()
              .with(
                  message -> loop.runOnContext(v -> answer.show(route, message)),
                  failure -> loop.runOnContext(v -> answer.refuse(failure)));
      case Route.AsEvents events -> answer.stream(events.call().apply(request), new EventLines());
      case Route.AsBytes bytes -> answer.stream(bytes.call().apply(request), new OutputBytes());
    }
  }

  private static void fail(RoutingContext http) {
    Answer answer = new Answer(http, false);
    switch (http.statusCode()) {
      case 413 ->
          answer.problem(
              HttpProblem.of(
                  413,
                  "The body is too large",
                  "TOO_LARGE",
                  "must be at most " + LARGEST_BODY + " bytes"));
      case 400 ->
          answer.problem(
              HttpProblem.of(400, "The request breaks a rule", "INVALID_REQUEST", "is no HTTP"));
      default -> answer.refuse(http.failure());
    }
  }

  /** The parts below {@link #ROOT}, each decoded by itself: one may have a slash as %2F. */
  private static List<String> path(HttpServerRequest request) {
    List<String> parts = new ArrayList<>();
    String below = request.path().substring(ROOT.length());
    for (String part : below.substring(Math.min(1, below.length())).split("/", -1)) {
      parts.add(QueryStringDecoder.decodeComponent(part.replace("+", "%2B")));
    }
    return parts;
  }
}
