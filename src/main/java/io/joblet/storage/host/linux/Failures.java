package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.ObstacleException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;

/** The one place where a refusal of the kernel becomes the port's exception. */
final class Failures {
  private Failures() {}

  static <T> T named(String operation, String subject, Supplier<T> action) {
    try {
      return action.get();
    } catch (KernelRefusal e) {
      throw new HostException(
          text(operation, subject, e.getMessage()), e.errnoName(), List.of(), e);
    } catch (ObstacleException obstacle) {
      // It names itself, and whose fault it is not is of no use to whoever can take it away.
      throw obstacle;
    } catch (HostException e) {
      throw new HostException(text(operation, subject, e.getMessage()), e.errno(), e.pins(), e);
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new HostException(text(operation, subject, e.getMessage()), e);
    }
  }

  private static String text(String operation, String subject, String reason) {
    return operation + (subject.isEmpty() ? "" : " " + subject) + ": " + reason;
  }
}
