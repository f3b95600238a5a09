package io.joblet.storage.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.access.Identity;
import io.joblet.storage.config.Excerpt;
import io.joblet.storage.journal.Audit;
import io.joblet.storage.journal.AuditedCall;
import io.joblet.storage.journal.AuditedReply;
import io.joblet.storage.journal.Reply;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the audit is told of one call; for one thread at a time. */
final class Trail {
  /** What a request is about, the first that it has; requests have nothing else that is named. */
  private static final List<String> TARGETS =
      List.of("volume", "job", "name", "job_id", "owner", "id", "kind");

  private static final List<String> RELATED = List.of("job_id", "with_owner", "owner");

  private static final int LONGEST = 256;

  private final Audit audit;
  private final AuditedCall call;
  private AuditedReply<?> reply;
  private boolean goesOn;

  private Trail(Audit audit, AuditedCall call) {
    this.audit = audit;
    this.call = call;
  }

  /**
   * A call that begins now.
   *
   * @param requestId as the caller sent it; only a valid one is kept
   */
  static Trail of(Audit audit, Identity who, String method, Message request, String requestId) {
    String target = first(request, TARGETS, null);
    return new Trail(
        audit,
        AuditedCall.now(
            who,
            method,
            target,
            first(request, RELATED, target),
            () -> Wanted.of(request),
            Calls.REQUEST_ID.matcher(requestId).matches() ? requestId : null));
  }

  /** The method that a request is named after. */
  static String method(Message request) {
    return request.getDescriptorForType().getName().replaceFirst("Req(uest)?$", "");
  }

  /** The deed begins; its reply writes down that it succeeded. */
  <T> Reply<T> over(Reply<T> plain) {
    AuditedReply<T> audited = audit.with(call, plain);
    reply = audited;
    return audited;
  }

  /** The reply of a deed whose answer nobody has to remember. */
  <T> Reply<T> reply() {
    return over(Reply.none());
  }

  /** It finishes what a former call with its request id has begun. */
  void goesOn() {
    goesOn = true;
  }

  /** It succeeded. Nothing is written if that is done, or the answer was one given before. */
  void answered() {
    if (reply == null ? goesOn : !reply.written()) {
      audit.succeeded(call, begun());
    }
  }

  /** It succeeded, and is written down unless that is done. */
  void done() {
    if (reply == null || !reply.written()) {
      audit.succeeded(call, begun());
    }
  }

  /** It did not; what the caller gets is returned. */
  StatusRuntimeException failed(StatusRuntimeException status) {
    Status.Code code = status.getStatus().getCode();
    String message = status.getStatus().getDescription();
    if (code == Status.Code.UNAVAILABLE) {
      // The database is away, and the caller has waited for it once.
      audit.failedLater(call, begun(), code.name(), message);
    } else {
      audit.failed(call, begun(), code.name(), message);
    }
    return status;
  }

  private Optional<UUID> begun() {
    return reply == null ? Optional.empty() : reply.begun();
  }

  private static String first(Message request, List<String> names, String butNot) {
    for (String name : names) {
      FieldDescriptor field = request.getDescriptorForType().findFieldByName(name);
      if (field != null && !field.isRepeated()) {
        String text = request.getField(field).toString();
        String shown = Excerpt.of(text, LONGEST);
        if (!text.isEmpty() && !shown.equals(butNot)) {
          return shown;
        }
      }
    }
    return null;
  }
}
