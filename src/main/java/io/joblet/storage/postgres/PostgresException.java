package io.joblet.storage.postgres;

/** PostgreSQL could not be made to serve; the message names the step, the thing and the cause. */
public final class PostgresException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PostgresException(String message) {
    super(message);
  }

  public PostgresException(String message, Throwable cause) {
    super(message, cause);
  }
}
