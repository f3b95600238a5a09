package io.joblet.storage.problem;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A definite error of a call: nothing was changed by it unless its text says so. The closed set of
 * kinds is mapped once per edge, to gRPC codes there and to HTTP statuses elsewhere. Messages are
 * for the caller: they name the field, the thing and the rule, and hold no secret.
 */
public abstract sealed class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private Problem(String message, Throwable cause) {
    super(message, cause);
  }

  /** Throws this; for the end of a chain of calls. */
  public void raise() {
    throw this;
  }

  /** A field broke a rule. */
  public record Violation(String field, String rule) {}

  /** The request cannot be right whatever the state of the service is. */
  public static final class Invalid extends Problem {
    private static final long serialVersionUID = 1L;
    private final transient List<Violation> violations;

    public Invalid(List<Violation> violations) {
      super(
          String.join("; ", violations.stream().map(v -> v.field() + ": " + v.rule()).toList()),
          null);
      this.violations = List.copyOf(violations);
    }

    public Invalid(String field, String rule) {
      this(List.of(new Violation(field, rule)));
    }

    public List<Violation> violations() {
      return violations;
    }
  }

  /** Nobody knows who calls. */
  public static final class Unauthenticated extends Problem {
    private static final long serialVersionUID = 1L;

    public Unauthenticated(String message) {
      super(message, null);
    }
  }

  /** The caller's role does not allow it. */
  public static final class Denied extends Problem {
    private static final long serialVersionUID = 1L;
    private final String role;
    private final String operation;
    private final String needed;

    /**
     * @param operation in lower case, e.g. {@code create_volume}
     * @param needed the least role that may
     */
    public Denied(String role, String operation, String needed) {
      super("role " + role + " is not allowed to perform operation " + operation, null);
      this.role = role;
      this.operation = operation;
      this.needed = needed;
    }

    public String role() {
      return role;
    }

    public String operation() {
      return operation;
    }

    public String needed() {
      return needed;
    }
  }

  /** There is no such thing, or the caller may not know of it. */
  public static final class NotFound extends Problem {
    private static final long serialVersionUID = 1L;
    private final String type;
    private final String name;

    public NotFound(String type, String name) {
      this(type, name, type + " '" + name + "' does not exist");
    }

    /** With words of its own, for a thing that takes more than one name to name. */
    public NotFound(String type, String name, String message) {
      super(message, null);
      this.type = type;
      this.name = name;
    }

    public String type() {
      return type;
    }

    public String name() {
      return name;
    }
  }

  /**
   * The name is taken; {@code differences} says how the existing thing differs from the wanted one.
   */
  public static final class AlreadyExists extends Problem {
    private static final long serialVersionUID = 1L;
    private final String type;
    private final String name;
    private final transient Map<String, String> differences;

    public AlreadyExists(String type, String name, Map<String, String> differences) {
      this(
          type,
          name,
          type
              + " '"
              + name
              + "' already exists"
              + (differences.isEmpty()
                  ? " and is the same as the one asked for"
                  : " and differs: " + describe(differences)),
          differences);
    }

    /** With words of its own, for a thing that is not compared. */
    public AlreadyExists(
        String type, String name, String message, Map<String, String> differences) {
      super(message, null);
      this.type = type;
      this.name = name;
      this.differences = Map.copyOf(differences);
    }

    private static String describe(Map<String, String> differences) {
      return String.join(
          ", ",
          differences.entrySet().stream()
              .map(d -> d.getKey() + " " + d.getValue())
              .sorted()
              .toList());
    }

    public String type() {
      return type;
    }

    public String name() {
      return name;
    }

    public Map<String, String> differences() {
      return differences;
    }
  }

  /** Something is in the way: a job, a process, a state. The caller can do something about it. */
  public static final class InTheWay extends Problem {
    private static final long serialVersionUID = 1L;
    private final String type;
    private final String subject;

    /**
     * @param type what kind of thing is in the way, e.g. {@code PROCESS}, {@code JOB}, {@code
     *     STATE}
     * @param subject which one, e.g. {@code pid/4711}
     */
    public InTheWay(String type, String subject, String message) {
      super(message, null);
      this.type = type;
      this.subject = subject;
    }

    public String type() {
      return type;
    }

    public String subject() {
      return subject;
    }
  }

  /** A field asks for what is not there at this time. */
  public static final class OutOfRange extends Problem {
    private static final long serialVersionUID = 1L;
    private final When when;
    private final transient Violation violation;

    /** When it was, or will be. */
    public enum When {
      KEPT_NO_LONGER,
      NOT_YET
    }

    public OutOfRange(When when, String field, String rule) {
      super(field + ": " + rule, null);
      this.when = when;
      this.violation = new Violation(field, rule);
    }

    public When when() {
      return when;
    }

    public Violation violation() {
      return violation;
    }
  }

  /** A limit is reached; {@code limit} is its name in the configuration. */
  public static final class Exhausted extends Problem {
    private static final long serialVersionUID = 1L;
    private final String limit;
    private final String ofTheNode;

    public Exhausted(String limit, String message) {
      this(limit, message, "");
    }

    /**
     * @param ofTheNode what all owners have together, for those who may see it; continues the
     *     message
     */
    public Exhausted(String limit, String message, String ofTheNode) {
      super(message, null);
      this.limit = limit;
      this.ofTheNode = ofTheNode;
    }

    /** The message, with what all owners have together. */
    public String whole() {
      return ofTheNode.isEmpty() ? getMessage() : getMessage() + ": " + ofTheNode;
    }

    public String limit() {
      return limit;
    }
  }

  /** Somebody else changed it at the same time; the same call may succeed when repeated. */
  public static final class Conflict extends Problem {
    private static final long serialVersionUID = 1L;

    public Conflict(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The service cannot answer now. The outcome may be open; the same request id resolves it. */
  public static final class Unavailable extends Problem {
    private static final long serialVersionUID = 1L;
    private final transient Duration retryAfter;

    public Unavailable(String message, Duration retryAfter, Throwable cause) {
      super(message, cause);
      this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /**
   * The host refused and the caller cannot help it; what was begun has been undone unless it says
   * so.
   */
  public static final class HostFailed extends Problem {
    private static final long serialVersionUID = 1L;

    public HostFailed(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
