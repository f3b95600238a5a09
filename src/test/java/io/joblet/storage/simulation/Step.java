package io.joblet.storage.simulation;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a client does, as data: the model and the code under test are both told it. */
sealed interface Step {
  /** Where a volume's data is. */
  enum Kind {
    BTRFS,
    IMAGE,
    MEMORY
  }

  /** What a job lives by. */
  enum Living {
    CLEANUP,
    LEASE,
    PROCESS
  }

  /** How a volume is held. */
  enum Mode {
    EXCLUSIVE,
    SHARED,
    SHARED_READ_ONLY
  }

  /** Which sweep. */
  enum Broom {
    IDLE,
    ORPHANS,
    TRASH
  }

  /** {@code serial} tells volumes of one name apart, and is one of its labels. */
  record Create(int serial, String name, Kind kind, long size) implements Step {}

  record Resize(String name, long size) implements Step {}

  record Protect(String name, boolean on) implements Step {}

  /** {@code path} is empty for the default, and always for several volumes. */
  record Attach(List<String> names, String path, String job, Mode mode, Living living)
      implements Step {}

  /** {@code job} is empty for whoever holds it. */
  record Detach(String name, String job) implements Step {}

  record Delete(String name, boolean toTrash, boolean force) implements Step {}

  /** By its id, which a name in the trash is no substitute for; nothing if none has the name. */
  record Purge(String name) implements Step {}

  record Undelete(String name, String newName) implements Step {}

  record Prepare(String job, List<String> names, Living living) implements Step {}

  record CleanUp(String job) implements Step {}

  record Renew(String job) implements Step {}

  record Sweep(Broom broom) implements Step {}

  record Settle() implements Step {}

  record Examine() implements Step {}

  /** The process that a job lives by ends. */
  record EndProcess(String job) implements Step {}

  /** Hours pass; alone in its round. */
  record Pause(int hours) implements Step {}

  /** Every sweep, hours, and every sweep again: all that may go has to. Alone, and undisturbed. */
  record Lull() implements Step {}

  /** The host loses its power, and the daemon is started again; alone in its round. */
  record PowerCut() implements Step {}

  /**
   * With a request id: asked again with the same one, it is the same request. Its deed is one of
   * those that take a {@link io.joblet.storage.journal.Reply}.
   */
  record Asked(String id, Step deed) implements Step {}

  /** Names of what it is about, or null if that can be anything. */
  default Set<String> about() {
    return switch (this) {
      case Create s ->
          s.kind() == Kind.MEMORY ? of("v:" + s.name(), "memory") : of("v:" + s.name());
      case Resize s -> of("v:" + s.name(), "memory");
      case Protect s -> of("v:" + s.name());
      case Attach s -> names(s.job(), s.names());
      case Detach s -> s.job().isEmpty() ? null : names(s.job(), List.of(s.name()));
      case Undelete s -> of("v:" + s.name(), "v:" + s.newName());
      case Purge s -> of("v:" + s.name(), "memory");
      case Prepare s -> {
        Set<String> all = names(s.job(), s.names());
        all.add("memory");
        yield all;
      }
      case Renew s -> of("j:" + s.job());
      case EndProcess s -> of("j:" + s.job());
      case Delete s -> s.force() ? null : of("v:" + s.name(), "memory");
      case CleanUp s -> null;
      case Sweep s -> null;
      case Settle s -> null;
      case Examine s -> null;
      case Pause s -> null;
      case Lull s -> null;
      case PowerCut s -> null;
      case Asked s -> s.deed().about();
    };
  }

  private static Set<String> names(String job, List<String> volumes) {
    Set<String> all = of("j:" + job);
    volumes.forEach(v -> all.add("v:" + v));
    return all;
  }

  private static Set<String> of(String... names) {
    return new TreeSet<>(List.of(names).stream().distinct().toList());
  }

  /** Whether the other can be why this one is refused. */
  default boolean crosses(Step other) {
    Set<String> mine = about();
    Set<String> others = other.about();
    return mine == null || others == null || mine.stream().anyMatch(others::contains);
  }
}
