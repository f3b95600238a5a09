package io.joblet.storage.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.access.Identity;
import io.joblet.storage.journal.Audit;
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
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
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

  private static final Logger LOG = Logger.getLogger(Calls.class);

  private final ExecutorService threads;
  private final Requests requests;
  private final Audit audit;

  Calls(@VirtualThreads ExecutorService threads, Requests requests, Audit audit) {
    this.threads = threads;
    this.requests = requests;
    this.audit = audit;
  }

  private static Caller caller(Identity identity, String requestId) {
    if (!requestId.isEmpty() && !REQUEST_ID.matcher(requestId).matches()) {
      throw new Problem.Invalid(
          "request_id", "must be at most 128 printable ASCII characters without spaces");
    }
    return new Caller(identity, requestId.isEmpty() ? Optional.empty() : Optional.of(requestId));
  }

  /** A call that can be repeated as it is; to be called on the thread of its method. */
  <A> Uni<A> run(Function<Caller, A> call) {
    Caller caller = new Caller(AccessControl.identity(), Optional.empty());
    return run(caller.identity(), "", () -> call.apply(caller));
  }

  /** {@link #run} for one that changes something, which the audit has then. */
  <A> Uni<A> alter(Message request, Function<Caller, A> call) {
    return alter(
        request,
        (caller, trail) -> call.apply(caller),
        (failure, status) -> {
          throw status;
        });
  }

  /**
   * {@link #alter(Message, Function)} for a contract that tells failures in its own way.
   *
   * @param call may take the reply of its deed from the trail
   * @param otherwise the answer, or what it throws, for a failure and what would be told of it
   */
  <A> Uni<A> alter(
      Message request,
      BiFunction<Caller, Trail, A> call,
      BiFunction<RuntimeException, StatusRuntimeException, A> otherwise) {
    Caller caller = new Caller(AccessControl.identity(), Optional.empty());
    return run(
        caller.identity(),
        "",
        () -> altered(Trail.method(request), request, caller, call, otherwise));
  }

  /** A call of that method, which the audit has then, for {@link OutputStreams}. */
  <A> Function<Caller, A> audited(
      String method, Message request, BiFunction<Caller, Trail, A> call) {
    return caller ->
        altered(
            method,
            request,
            caller,
            call,
            (failure, status) -> {
              throw status;
            });
  }

  private <A> A altered(
      String method,
      Message request,
      Caller caller,
      BiFunction<Caller, Trail, A> call,
      BiFunction<RuntimeException, StatusRuntimeException, A> otherwise) {
    Trail trail = Trail.of(audit, caller.identity(), method, request, "");
    A answer;
    try {
      answer = call.apply(caller, trail);
    } catch (RuntimeException e) {
      return otherwise.apply(e, trail.failed(ProblemStatus.of(e, "", caller.identity().seesAll())));
    }
    trail.done();
    return answer;
  }

  private <A> Uni<A> run(Identity who, String requestId, Supplier<A> call) {
    return Uni.createFrom()
        .item(() -> named(requestId, () -> mapped(who, requestId, call)))
        .runSubscriptionOn(threads)
        .onFailure()
        .transform(failure -> ProblemStatus.of(failure, requestId));
  }

  /**
   * A call that changes something, once for each {@code request_id}.
   *
   * @param request named after its method, with the field {@code request_id}
   * @param empty an instance of the answer, to read a former one back
   * @param map from the use case's result to what this caller may see of it
   * @param check checks the request, and only then says what is to be done
   */
  <T, A extends Message> Uni<A> change(
      Message request,
      A empty,
      BiFunction<Caller, T, A> map,
      Function<Caller, Function<Reply<T>, T>> check) {
    FieldDescriptor id = request.getDescriptorForType().findFieldByName("request_id");
    String requestId = (String) request.getField(id);
    String method = Trail.method(request);
    Identity identity = AccessControl.identity();
    return run(
        identity,
        requestId,
        () -> {
          Trail trail = Trail.of(audit, identity, method, request, requestId);
          A answer;
          try {
            Caller caller = caller(identity, requestId);
            Function<Reply<T>, T> deed = check.apply(caller);
            LOG.debugf("%s", method);
            Function<T, A> mapped = result -> map.apply(caller, result);
            answer =
                requests.answer(
                    caller,
                    method,
                    stable(request.toBuilder().clearField(id).build()),
                    new Requests.Codec<>(
                        result -> mapped.apply(result).toByteArray(),
                        bytes -> parse(empty, bytes),
                        mapped),
                    trail::goesOn,
                    reply -> deed.apply(trail.over(reply)));
          } catch (RuntimeException e) {
            throw trail.failed(ProblemStatus.of(e, requestId, identity.seesAll()));
          }
          trail.answered();
          return answer;
        });
  }

  /** Within {@link #named}, so that what is logged about a failure has the request id. */
  private static <A> A mapped(Identity who, String requestId, Supplier<A> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      throw ProblemStatus.of(e, requestId, who.seesAll());
    }
  }

  private static <A> A named(String requestId, Supplier<A> call) {
    if (!REQUEST_ID.matcher(requestId).matches()) {
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
