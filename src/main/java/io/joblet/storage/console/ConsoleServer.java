package io.joblet.storage.console;

import io.joblet.storage.access.Origin;
import io.joblet.storage.grpc.OnBehalf;
import io.joblet.storage.problem.Problem;
import io.quarkus.virtual.threads.VirtualThreads;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

/**
 * Serves the pages of {@link Pages}: finds out who asks, refuses what no page of ours sent, and
 * answers with a page also when something is wrong. Each request on a virtual thread of its own.
 */
@ApplicationScoped
class ConsoleServer {
  static final String ROOT = "/console";
  static final String LOGIN = "/login";

  /** Field of the token that every form carries. */
  private static final String FORM_TOKEN = "form_token";

  private static final long LARGEST_BODY = 64 << 10;

  private final Pages pages;
  private final Sessions sessions;
  private final OnBehalf services;
  private final ExecutorService threads;

  ConsoleServer(
      Pages pages, Sessions sessions, OnBehalf services, @VirtualThreads ExecutorService threads) {
    this.pages = pages;
    this.sessions = sessions;
    this.services = services;
    this.threads = threads;
  }

  void register(@Observes Router router) {
    String below = ROOT + "/*";
    router
        .route(below)
        .handler(http -> {
          Headers.add(http.response().headers());
          http.next();
        });
    // Browsers ask for one whatever a page says; ours name theirs.
    router
        .get("/favicon.ico")
        .handler(http ->
            http.response()
                .setStatusCode(204)
                .putHeader(HttpHeaders.CACHE_CONTROL, "max-age=86400")
                .end());
    // The class path's files below META-INF/resources; revalidated, so that an upgrade shows.
    router
        .get(ROOT + "/assets/*")
        .handler(http -> {
          http.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
          http.next();
        });
    router.post(below).handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY));
    router.get(ROOT + LOGIN).handler(http -> answer(http, r -> showLogin()));
    router.post(ROOT + LOGIN).handler(http -> answer(http, this::logIn));
    pages
        .all()
        .forEach((path, page) -> {
          router.get(ROOT + path).handler(http -> answer(http, r -> serve(r, page.show())));
          router.post(ROOT + path).handler(http -> answer(http, r -> serve(r, page.change())));
        });
    router
        .route(below)
        .handler(http -> {
          if (http.request().path().startsWith(ROOT + "/assets/")) {
            http.next();
          } else {
            answer(http, r -> serve(r, Pages::none));
          }
        });
    router
        .route(below)
        .failureHandler(http ->
            new Refusal(http.statusCode() < 400 ? 500 : http.statusCode(), "It cannot be read.")
                .page(Frame.ofNobody("Error"))
                .send(http));
  }

  /** A request with what must be read of it on its event loop. */
  private record Request(
      HttpServerRequest http, Map<String, String> parts, MultiMap query, MultiMap form) {
    boolean changes() {
      return http.method().equals(HttpMethod.POST);
    }
  }

  private void answer(RoutingContext http, Function<Request, Reply> page) {
    Context loop = Vertx.currentContext();
    Request request =
        new Request(
            http.request(),
            Map.copyOf(http.pathParams()),
            http.queryParams(),
            http.request().formAttributes());
    threads.execute(() -> {
      try {
        Reply reply = page.apply(request);
        loop.runOnContext(v -> reply.send(http));
      } catch (RuntimeException e) {
        loop.runOnContext(v -> http.fail(e));
      }
    });
  }

  private Reply serve(Request request, Function<Visit, Reply> page) {
    Sessions.Session session;
    try {
      session = sessions.of(request.http());
    } catch (Problem.Unauthenticated nobody) {
      return Reply.goTo(LOGIN).with(Sessions.end());
    } catch (RuntimeException e) {
      return Refusal.of(e).page(Frame.ofNobody("Error"));
    }
    Visit visit = new Visit(services, session, request.parts(), request.query(), request.form());
    try {
      if (request.changes()
          && !(Origin.isOurs(request.http()) && session.isOf(visit.field(FORM_TOKEN)))) {
        return Refusal.FORGED.page(visit.frame("Refused", ""));
      }
      return page.apply(visit);
    } catch (RuntimeException e) {
      return Refusal.of(e).page(visit.frame("Refused", ""));
    }
  }

  private static Reply showLogin() {
    return Reply.page(Templates.login(Frame.ofNobody("Log in"), ""));
  }

  private Reply logIn(Request request) {
    Frame frame = Frame.ofNobody("Log in");
    if (!Origin.isOurs(request.http())) {
      return Refusal.FORGED.page(frame);
    }
    String secret = request.form().get("token");
    try {
      return Reply.goTo("/volumes")
          .with(sessions.begin(request.http(), secret == null ? "" : secret.strip()));
    } catch (Problem.Unauthenticated e) {
      return Reply.page(401, Templates.login(frame, e.getMessage()));
    } catch (RuntimeException e) {
      return Refusal.of(e).page(frame);
    }
  }
}
