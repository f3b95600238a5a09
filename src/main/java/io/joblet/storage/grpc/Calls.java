package io.joblet.storage.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Requests;
import io.joblet.storage.problem.Problem;
import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;

/**
 * How every method runs: on a virtual thread, with its problems mapped, its request id in the log,
 * and the same id answered in the same way.
 *
 * <p>Not by {@code @RunOnVirtualThread}: on gRPC methods of Quarkus 3.33 that breaks calls.
 */
@ApplicationScoped
class Calls {
  static final Pattern REQUEST_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

  private final ExecutorService threads;
  private final Requests requests;
  private final String owner;

  Calls(@VirtualThreads ExecutorService threads, Requests requests, StorageConfig config) {
    this.threads = threads;
    this.requests = requests;
    this.owner = config.socketOwner();
  }

  /** Who calls: the Unix socket lets in nobody but root. */
  Caller caller(String requestId) {
    if (!requestId.isEmpty() && !REQUEST_ID.matcher(requestId).matches()) {
      throw new Problem.Invalid(
          "request_id", "must be at most 128 printable ASCII characters without spaces");
    }
    return new Caller(
        "root", owner, requestId.isEmpty() ? Optional.empty() : Optional.of(requestId));
  }

  /** Whose volumes are meant. */
  String owner() {
    return owner;
  }

  <A> Uni<A> run(String requestId, Supplier<A> call) {
    return Uni.createFrom()
        .item(() -> named(requestId, call))
        .runSubscriptionOn(threads)
        .onFailure()
        .transform(failure -> ProblemStatus.of(failure, requestId));
  }

  /**
   * A call that changes something.
   *
   * @param body the request without its id
   * @param empty an instance of the answer, to read a former one back
   * @param map from the use case's result to the answer
   */
  <T, A extends Message> A once(
      String method,
      Caller caller,
      Message body,
      A empty,
      Function<T, A> map,
      Function<Reply<T>, T> deed) {
    Function<byte[], A> decode = bytes -> parse(empty, bytes);
    return requests.answer(
        caller,
        method,
        stable(body),
        new Requests.Codec<>(result -> map.apply(result).toByteArray(), decode, map),
        deed);
  }

  private static <A> A named(String requestId, Supplier<A> call) {
    if (requestId.isEmpty()) {
      return call.get();
    }
    MDC.put("requestId", requestId);
    try {
      return call.get();
    } finally {
      MDC.remove("requestId");
    }
  }

  /** The order of a map's entries is the sender's whim and no part of what was asked. */
  private static byte[] stable(Message body) {
    byte[] bytes = new byte[body.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      body.writeTo(out);
      return bytes;
    } catch (IOException e) {
      throw new IllegalStateException("an array takes whatever fits", e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <A extends Message> A parse(A empty, byte[] bytes) {
    try {
      return (A) empty.getParserForType().parseFrom(bytes);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException("a recorded answer cannot be read", e);
    }
  }
}
