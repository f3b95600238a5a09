package io.joblet.storage.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.grpc.OnBehalf;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/** Answers one HTTP request; for its event loop. */
final class Answer {
  private final RoutingContext http;
  private final HttpServerResponse response;
  private final boolean conditional;

  /**
   * @param conditional whether the request named a version
   */
  Answer(RoutingContext http, boolean conditional) {
    this.http = http;
    this.response = http.response();
    this.conditional = conditional;
  }

  /** What one message says. */
  void show(Route route, Message message) {
    Message shown = message;
    if (!route.shown().isEmpty()) {
      shown =
          (Message) message.getField(message.getDescriptorForType().findFieldByName(route.shown()));
    }
    tag(shown);
    if (route.verb() == Route.Verb.GET
        && EntityTag.isKnown(
            response.headers().get("ETag"), http.request().headers().getAll("If-None-Match"))) {
      response.setStatusCode(304).end();
      return;
    }
    response.setStatusCode(route.status()).putHeader("Content-Type", "application/json");
    end(buffer(MessageWriter.write(shown)));
  }

  /** The version of the row is what {@code If-Match} demands later. */
  private void tag(Message shown) {
    FieldDescriptor version =
        shown.getDescriptorForType().findFieldByName(RequestReader.ROW_VERSION);
    if (version != null) {
      response.putHeader("ETag", EntityTag.of((long) shown.getField(version)));
    }
  }

  /** How the messages of a stream become an answer. */
  interface Form {
    String type();

    /** A message's bytes; none if it says nothing here. */
    Buffer of(Message message);

    /** What ends a stream that failed after it had begun; none if nothing can. */
    Buffer of(HttpProblem problem);
  }

  /** All messages, as they come and as fast as the reader takes them. */
  void stream(Multi<? extends Message> messages, Form form) {
    if (isHead()) {
      begin(form);
      response.end();
      return;
    }
    Cancellable stream =
        messages
            .subscribe()
            .with(
                message -> write(form, form.of(message)),
                failure -> breakOff(form, failure),
                () -> {
                  begin(form);
                  response.end();
                });
    response.closeHandler(v -> stream.cancel());
    response.exceptionHandler(e -> stream.cancel());
  }

  private void begin(Form form) {
    if (!response.headWritten()) {
      response
          .putHeader("Content-Type", form.type())
          .putHeader("Cache-Control", "no-store")
          .setChunked(true);
    }
  }

  private void write(Form form, Buffer bytes) {
    begin(form);
    if (bytes.length() > 0 && !response.ended() && !response.closed()) {
      response.write(bytes);
    }
  }

  private void breakOff(Form form, Throwable failure) {
    if (!response.headWritten()) {
      refuse(failure);
      return;
    }
    if (!response.ended() && !response.closed()) {
      response.write(form.of(problemOf(failure)));
      cut();
    }
  }

  /**
   * Ends it without the last chunk: who reads must not take it for the whole. By HTTP/1 that is the
   * end of the connection; a response that is reset there tells nobody that it is over, and a stop
   * of the daemon would wait for it.
   */
  private void cut() {
    if (http.request().version() == HttpVersion.HTTP_2) {
      response.reset();
    } else {
      http.request().connection().close();
    }
  }

  /** What went wrong, as gRPC would say it. */
  void refuse(Throwable failure) {
    problem(problemOf(failure));
  }

  private HttpProblem problemOf(Throwable failure) {
    StatusRuntimeException refusal = OnBehalf.refusal(failure);
    return HttpProblem.of(refusal, conditional);
  }

  /** A refusal. */
  void problem(HttpProblem problem) {
    if (response.ended() || response.closed() || response.headWritten()) {
      return;
    }
    problem
        .retryAfterSeconds()
        .ifPresent(seconds -> response.putHeader("Retry-After", Long.toString(seconds)));
    if (problem.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    response.setStatusCode(problem.status()).putHeader("Content-Type", HttpProblem.TYPE);
    end(buffer(problem.body()));
  }

  private boolean isHead() {
    return http.request().method().equals(HttpMethod.HEAD);
  }

  /** HTTP/2 takes a body in answer to HEAD for a fault of the whole stream. */
  private void end(Buffer body) {
    if (isHead()) {
      response.putHeader("Content-Length", Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  static Buffer buffer(ObjectNode json) {
    return Buffer.buffer(json.toString());
  }
}
