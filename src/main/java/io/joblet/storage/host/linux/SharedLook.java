package io.joblet.storage.host.linux;

import java.util.function.Supplier;

/**
 * One look at something costly for all who ask at the same time. Nobody is given what was seen by a
 * look that began before the question; see {@link GroupSync}, whose rounds these are.
 */
final class SharedLook<T> {
  private final GroupSync rounds;
  private volatile T seen;

  SharedLook(Supplier<T> look) {
    this.rounds = new GroupSync(() -> seen = look.get());
  }

  /** What a look saw that began after this call did. */
  T look() {
    rounds.sync();
    return seen;
  }
}
