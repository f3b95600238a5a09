package io.joblet.storage.cli.daemon;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.cli.shell.Visible;
import java.util.ArrayList;
import java.util.List;

/** What a failed call says to people: one line, the details below it, and what to do next. */
public final class Refusal {
  private Refusal() {}

  /**
   * The lines for stderr.
   *
   * @param requestId of the call, or null if it changes nothing
   */
  public static List<String> lines(StatusRuntimeException failure, String requestId) {
    List<String> lines = new ArrayList<>();
    Unreachable unreachable = Unreachable.behind(failure);
    if (unreachable != null) {
      lines.addAll(unreachable.lines());
      if (failure.getSuppressed().length > 0) {
        lines.addAll(outcomeUnknown(requestId));
      }
    } else {
      String message = message(failure.getStatus());
      lines.add(message);
      // Most say what the message says.
      Details.of(failure).lines().stream()
          .filter(l -> !message.contains(l) && !l.endsWith(": " + message))
          .forEach(lines::add);
      lines.addAll(next(failure, requestId));
    }
    List<String> printable = new ArrayList<>(lines.size());
    lines.forEach(
        line -> printable.add((printable.isEmpty() ? "rnx: " : "  ") + Visible.text(line)));
    return printable;
  }

  /** Whether nobody was there, so that further calls would fail alike. */
  public static boolean isUnreachable(StatusRuntimeException failure) {
    return Unreachable.behind(failure) != null;
  }

  /**
   * Whether nobody knows if the call was carried out: it reached the daemon, and no answer came.
   */
  public static boolean leavesOpen(StatusRuntimeException failure) {
    Status.Code code = failure.getStatus().getCode();
    return !isUnreachable(failure)
        && (code == Status.Code.UNAVAILABLE
            || code == Status.Code.CANCELLED
            || code == Status.Code.DEADLINE_EXCEEDED);
  }

  /** The reason for programs, e.g. {@code COMMAND_NOT_FOUND}; empty when the daemon gave none. */
  public static String reason(StatusRuntimeException failure) {
    return Details.of(failure).reason();
  }

  private static String message(Status status) {
    String description = status.getDescription();
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED -> "the daemon did not answer in time";
      case UNIMPLEMENTED -> "the daemon does not know this call; it is older than this rnx";
      case OK,
          CANCELLED,
          UNKNOWN,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          INTERNAL,
          UNAVAILABLE,
          DATA_LOSS,
          UNAUTHENTICATED ->
          description == null || description.isEmpty()
              ? "the daemon answered " + status.getCode() + " and no reason" + causeOf(status)
              : description + causeOf(status);
    };
  }

  /** The transport's own words say no more than that there was an exception. */
  private static String causeOf(Status status) {
    return status.getCode() == Status.Code.UNAVAILABLE
            && status.getCause() != null
            && status.getCause().getMessage() != null
        ? ": " + status.getCause().getMessage()
        : "";
  }

  private static List<String> next(StatusRuntimeException failure, String requestId) {
    return switch (failure.getStatus().getCode()) {
      case NOT_FOUND -> Remedy.ofMissing(Details.of(failure));
      case ABORTED -> List.of("somebody else changed it at the same time; try again");
      case UNAVAILABLE, CANCELLED -> outcomeUnknown(requestId);
      case DEADLINE_EXCEEDED -> {
        List<String> lines = new ArrayList<>(outcomeUnknown(requestId));
        lines.add("--timeout waits longer");
        yield lines;
      }
      case INTERNAL, UNKNOWN, DATA_LOSS ->
          List.of(
              "the daemon or the host failed; its log says more: journalctl -u joblet-storage, or"
                  + " daemon.log where ./run started it");
      case FAILED_PRECONDITION -> Remedy.ofObstacle(Details.of(failure));
      case OK,
          INVALID_ARGUMENT,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          UNAUTHENTICATED ->
          List.of();
    };
  }

  private static List<String> outcomeUnknown(String requestId) {
    return requestId == null
        ? List.of("try again")
        : List.of(
            "it may have been carried out or not; the same command with --request-id="
                + requestId
                + " finds out, and does nothing twice");
  }
}
