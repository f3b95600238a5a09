package io.joblet.storage.host.linux;

import java.util.Optional;
import java.util.function.Supplier;

/** A thing that is made when it is first wanted, and only then. */
final class Once<T> {
  private final Supplier<T> make;
  private T made;

  Once(Supplier<T> make) {
    this.make = make;
  }

  /** The thing; a failure to make it is told, and the next caller tries again. */
  synchronized T get() {
    if (made == null) {
      made = make.get();
    }
    return made;
  }

  /** The thing if somebody has wanted it. */
  synchronized Optional<T> ifMade() {
    return Optional.ofNullable(made);
  }
}
