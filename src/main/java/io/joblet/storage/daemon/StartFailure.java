package io.joblet.storage.daemon;

import io.joblet.storage.host.HostException;
import io.joblet.storage.problem.Problem;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.flywaydb.core.api.FlywayException;

/** Why the daemon did not start, for whoever started it. */
public final class StartFailure {
  private StartFailure() {}

  /** One sentence where the cause is the host, the database or the settings; else all there is. */
  public static String explain(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof HostException
          || cause instanceof Problem
          || cause instanceof StartException) {
        return cause.getMessage();
      }
      if (cause instanceof FlywayException) {
        return "the database's schema is not this version's: " + cause.getMessage();
      }
    }
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    return trace.toString();
  }
}
