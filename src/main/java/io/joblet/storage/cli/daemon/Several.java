package io.joblet.storage.cli.daemon;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Does the same to several things. One that fails, with lines on stderr, does not keep the others.
 */
public final class Several<T> {
  private final List<T> done = new ArrayList<>();
  private final int asked;

  private Several(int asked) {
    this.asked = asked;
  }

  /**
   * Does it to each in turn, until nobody is there to ask.
   *
   * @param requestId of the calls, or null where they have none
   */
  public static <T> Several<T> each(
      List<String> names,
      Function<String, T> call,
      RequestId requestId,
      Surroundings surroundings) {
    Several<T> several = new Several<>(names.size());
    for (String name : names) {
      try {
        several.done.add(call.apply(name));
      } catch (StatusRuntimeException refused) {
        String id = requestId == null ? null : requestId.latest();
        new Failures(surroundings).report(refused, id);
        if (Refusal.isUnreachable(refused)) {
          break;
        }
      }
    }
    return several;
  }

  /** What became of those that did not fail. */
  public List<T> done() {
    return List.copyOf(done);
  }

  /** Of the whole command. */
  public int status() {
    return done.size() == asked ? Exit.DONE : Exit.FAILED;
  }
}
