package io.joblet.storage.simulation;

import io.joblet.storage.simulation.Step.Asked;
import io.joblet.storage.simulation.Step.Attach;
import io.joblet.storage.simulation.Step.CleanUp;
import io.joblet.storage.simulation.Step.Create;
import io.joblet.storage.simulation.Step.Delete;
import io.joblet.storage.simulation.Step.Detach;
import io.joblet.storage.simulation.Step.EndProcess;
import io.joblet.storage.simulation.Step.Examine;
import io.joblet.storage.simulation.Step.Kind;
import io.joblet.storage.simulation.Step.Living;
import io.joblet.storage.simulation.Step.Lull;
import io.joblet.storage.simulation.Step.Mode;
import io.joblet.storage.simulation.Step.Pause;
import io.joblet.storage.simulation.Step.PowerCut;
import io.joblet.storage.simulation.Step.Prepare;
import io.joblet.storage.simulation.Step.Protect;
import io.joblet.storage.simulation.Step.Purge;
import io.joblet.storage.simulation.Step.Renew;
import io.joblet.storage.simulation.Step.Resize;
import io.joblet.storage.simulation.Step.Settle;
import io.joblet.storage.simulation.Step.Sweep;
import io.joblet.storage.simulation.Step.Undelete;
import io.joblet.storage.simulation.World.Attachment;
import io.joblet.storage.simulation.World.Job;
import io.joblet.storage.simulation.World.Volume;
import java.util.List;
import java.util.Optional;

/** What each step does to the world when it succeeds, and when it has to be refused. */
final class Model {
  static final long MIB = 1L << 20;
  static final long MEMORY_BUDGET = 64 * MIB;

  /** Work, tmp and shm of a prepared job. */
  static final long ROOT_BYTES = 10 * MIB;

  private Model() {}

  /** The world after the step, or empty if it has to be refused. Sweeps are not decided here. */
  static Optional<World> done(Step step, World w) {
    return switch (step) {
      case Create s -> create(s, w);
      case Resize s -> resize(s, w);
      case Protect s ->
          volume(w, s.name())
              .map(v ->
                  w.with(
                      new Volume(
                          v.serial(), v.name(), v.kind(), v.size(), false, s.on(), v.usedHour())));
      case Attach s -> attach(s, w);
      case Detach s -> {
        List<Attachment> meant =
            volume(w, s.name()).map(w::holders).orElse(List.of()).stream()
                .filter(a -> s.job().isEmpty() || a.job().equals(s.job()))
                .toList();
        yield meant.size() == 1 ? Optional.of(w.without(meant.getFirst())) : Optional.empty();
      }
      case Delete s -> delete(s, w);
      case Undelete s -> undelete(s, w);
      case Prepare s -> prepare(s, w);
      case CleanUp s ->
          w.jobs().containsKey(s.job()) ? Optional.of(w.withoutJob(s.job())) : Optional.empty();
      case Renew s ->
          Optional.ofNullable(w.jobs().get(s.job()))
              .filter(j -> j.living() == Living.LEASE)
              .map(j -> w.with(new Job(j.name(), j.living(), j.root(), w.hour(), true)));
      case EndProcess s -> Optional.of(processEnds(w, s.job()));
      case Pause s -> Optional.of(w.at(w.hour() + s.hours()));
      case Lull s -> Optional.of(lull(w));
      case PowerCut s -> Optional.of(reboot(w));
      case Purge s -> Optional.of(w);
      case Sweep s -> Optional.of(w);
      case Settle s -> Optional.of(w);
      case Examine s -> Optional.of(w);
      case Asked s -> done(s.deed(), w);
    };
  }

  static World processEnds(World w, String name) {
    Job job = w.jobs().get(name);
    return job == null || job.living() != Living.PROCESS
        ? w
        : w.with(new Job(name, job.living(), job.root(), job.leaseHour(), false));
  }

  static World reboot(World w) {
    World next = w;
    for (String job : w.jobs().keySet()) {
      next = processEnds(next, job);
    }
    return next;
  }

  static World purge(World w, Volume volume) {
    return w.without(volume);
  }

  /** Into the trash, or gone if it is in memory. */
  static World trash(World w, Volume v) {
    return v.kind() == Kind.MEMORY
        ? w.without(v)
        : w.with(new Volume(v.serial(), v.name(), v.kind(), v.size(), true, false, w.hour()));
  }

  private static Optional<Volume> volume(World w, String name) {
    return Optional.ofNullable(w.live(name));
  }

  private static Optional<World> create(Create s, World w) {
    if (w.live(s.name()) != null || (s.kind() == Kind.MEMORY && !fits(w, s.size()))) {
      return Optional.empty();
    }
    return Optional.of(
        w.with(new Volume(s.serial(), s.name(), s.kind(), s.size(), false, false, w.hour())));
  }

  static long memory(World w) {
    return w.volumes().values().stream()
            .filter(v -> v.kind() == Kind.MEMORY)
            .mapToLong(Volume::size)
            .sum()
        + w.jobs().values().stream().filter(Job::root).count() * ROOT_BYTES;
  }

  static long disk(World w) {
    return w.volumes().values().stream()
        .filter(v -> v.kind() != Kind.MEMORY)
        .mapToLong(Volume::size)
        .sum();
  }

  private static boolean fits(World w, long more) {
    return memory(w) + more <= MEMORY_BUDGET;
  }

  private static Optional<World> resize(Resize s, World w) {
    Volume v = w.live(s.name());
    if (v == null
        || (v.kind() == Kind.MEMORY && s.size() > v.size() && !fits(w, s.size() - v.size()))
        || (v.kind() == Kind.IMAGE && s.size() < v.size() && !w.holders(v).isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        w.with(
            new Volume(
                v.serial(), v.name(), v.kind(), s.size(), false, v.isProtected(), v.usedHour())));
  }

  private static Optional<World> attach(Attach s, World w) {
    Job job = w.jobs().get(s.job());
    World base = job == null ? w.with(new Job(s.job(), s.living(), false, w.hour(), true)) : w;
    return hold(base, s.job(), s.names(), s.path(), s.mode());
  }

  private static Optional<World> hold(
      World base, String job, List<String> names, String path, Mode mode) {
    World next = base;
    for (String name : names) {
      Volume v = next.live(name);
      if (v == null) {
        return Optional.empty();
      }
      Attachment wanted =
          new Attachment(
              job,
              v.serial(),
              path.isEmpty() ? "/volumes/" + name : path,
              mode,
              mode == Mode.SHARED_READ_ONLY);
      if (wanted.equals(next.attachments().get(wanted.key()))) {
        continue;
      }
      boolean overlaps =
          next.attachments().values().stream()
              .anyMatch(a -> a.job().equals(job) && overlap(a.path(), wanted.path()));
      boolean held =
          next.holders(v).stream().anyMatch(a -> a.mode() != mode || mode == Mode.EXCLUSIVE);
      if (overlaps || held) {
        return Optional.empty();
      }
      next = next.with(wanted);
    }
    return Optional.of(next);
  }

  private static boolean overlap(String a, String b) {
    return (a + "/").startsWith(b + "/") || (b + "/").startsWith(a + "/");
  }

  private static Optional<World> prepare(Prepare s, World w) {
    if (w.jobs().containsKey(s.job()) || !fits(w, ROOT_BYTES)) {
      return Optional.empty();
    }
    World base = w.with(new Job(s.job(), s.living(), true, w.hour(), true));
    return hold(base, s.job(), s.names(), "", Mode.SHARED);
  }

  private static Optional<World> delete(Delete s, World w) {
    Volume v = w.live(s.name());
    if (v == null || v.isProtected() || (!s.force() && !w.holders(v).isEmpty())) {
      return Optional.empty();
    }
    World free = w;
    for (Attachment a : w.holders(v)) {
      free = free.without(a);
    }
    return Optional.of(s.toTrash() ? trash(free, free.live(s.name())) : free.without(v));
  }

  private static Optional<World> undelete(Undelete s, World w) {
    List<Volume> meant = w.trash().stream().filter(v -> v.name().equals(s.name())).toList();
    if (meant.size() != 1 || w.live(s.newName()) != null) {
      return Optional.empty();
    }
    Volume v = meant.getFirst();
    return Optional.of(
        w.with(
            new Volume(v.serial(), s.newName(), v.kind(), v.size(), false, false, v.usedHour())));
  }

  private static World lull(World w) {
    World next = w;
    for (Volume v : w.volumes().values()) {
      boolean idle = v.kind() == Kind.MEMORY && !v.isProtected() && w.holders(v).isEmpty();
      if (v.trashed() || idle) {
        next = next.without(v);
      }
    }
    World later = next.at(w.hour() + 3);
    for (Job j : w.jobs().values()) {
      if (j.living() == Living.LEASE || (j.living() == Living.PROCESS && !j.processAlive())) {
        later = later.withoutJob(j.name());
      }
    }
    return later;
  }
}
