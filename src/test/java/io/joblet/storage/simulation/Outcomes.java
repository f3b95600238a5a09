package io.joblet.storage.simulation;

import io.joblet.storage.simulation.Step.Asked;
import io.joblet.storage.simulation.Step.Attach;
import io.joblet.storage.simulation.Step.CleanUp;
import io.joblet.storage.simulation.Step.Create;
import io.joblet.storage.simulation.Step.Delete;
import io.joblet.storage.simulation.Step.Detach;
import io.joblet.storage.simulation.Step.Kind;
import io.joblet.storage.simulation.Step.Living;
import io.joblet.storage.simulation.Step.Prepare;
import io.joblet.storage.simulation.Step.Purge;
import io.joblet.storage.simulation.Step.Renew;
import io.joblet.storage.simulation.Step.Sweep;
import io.joblet.storage.simulation.World.Attachment;
import io.joblet.storage.simulation.World.Job;
import io.joblet.storage.simulation.World.Volume;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Which worlds a step may have ended in, by what its client heard. An answer leaves one; without
 * one, or after a failure, there are several, and what is found in the end has to be among them.
 */
final class Outcomes {
  /** More than the lease and the idle timeout, in whole hours. */
  private static final int LONG_ENOUGH = 2;

  private Outcomes() {}

  /**
   * None if the answer is wrong.
   *
   * @param excused a refusal needs no reason: somebody else was at it, or it is unsettled
   */
  static Set<World> of(Step step, World w, Answer answer, boolean excused) {
    if (step instanceof Asked asked) {
      return RequestOutcomes.of(asked, w, answer, excused);
    }
    if (step instanceof Sweep sweep) {
      return swept(sweep, w, answer, excused);
    }
    Optional<World> done = step instanceof Purge ? purged(w, answer) : Model.done(step, w);
    Set<World> worlds = new LinkedHashSet<>();
    switch (answer.kind()) {
      case DONE -> {
        done.ifPresent(worlds::add);
        if (excused && done.isEmpty() && meetsRemains(step)) {
          worlds.add(w);
        }
      }
      case REFUSED -> {
        if (excused || done.isEmpty()) {
          worlds.add(w);
        }
        if (excused && step instanceof Delete) {
          worlds.addAll(halfway(step, w));
        }
      }
      case FAILED -> {
        worlds.add(w);
        jobAlone(step, w).ifPresent(worlds::add);
        if (!takenBack(step)) {
          done.ifPresent(worlds::add);
          worlds.addAll(halfway(step, w));
          worlds.addAll(halfPurged(w, answer));
        }
      }
      case UNKNOWN -> {
        worlds.add(w);
        jobAlone(step, w).ifPresent(worlds::add);
        done.ifPresent(worlds::add);
        worlds.addAll(halfway(step, w));
        worlds.addAll(halfPurged(w, answer));
      }
    }
    return worlds;
  }

  /** Whether a failure that was answered means that nothing is left of it. */
  static boolean takenBack(Step step) {
    return step instanceof Create || step instanceof Attach || step instanceof Prepare;
  }

  /** It succeeds also on what another step has left half done, and which is none in the end. */
  static boolean meetsRemains(Step step) {
    return step instanceof CleanUp || step instanceof Detach || step instanceof Renew;
  }

  /** A job that was made for an attachment stays if somebody else's came before it was ended. */
  private static Optional<World> jobAlone(Step step, World w) {
    return step instanceof Attach a && !w.jobs().containsKey(a.job())
        ? Optional.of(w.with(new Job(a.job(), a.living(), false, w.hour(), true)))
        : Optional.empty();
  }

  private static Optional<World> purged(World w, Answer answer) {
    if (answer.done().isEmpty()) {
      return Optional.of(w);
    }
    return Optional.ofNullable(w.volumes().get(Integer.valueOf(answer.done().getFirst())))
        .filter(v -> v.trashed() || (!v.isProtected() && w.holders(v).isEmpty()))
        .map(v -> Model.purge(w, v));
  }

  /** What was in the trash when its id was read can have been taken out of it since. */
  private static Set<World> halfPurged(World w, Answer answer) {
    return purged(w, answer).filter(gone -> !gone.equals(w)).isEmpty()
        ? Set.of()
        : Set.of(Model.trash(w, w.volumes().get(Integer.valueOf(answer.done().getFirst()))));
  }

  /** A deletion is several steps one after the other. */
  private static Set<World> halfway(Step step, World w) {
    Set<World> worlds = new LinkedHashSet<>();
    if (step instanceof Delete d && w.live(d.name()) != null) {
      Volume v = w.live(d.name());
      List<Attachment> holders = d.force() && !v.isProtected() ? w.holders(v) : List.of();
      worlds.addAll(subsets(w, holders, World::without));
      worlds.addAll(trashed(d, w));
    }
    return worlds;
  }

  /** What was let go is in the trash. */
  static Set<World> trashed(Delete d, World w) {
    Volume v = w.live(d.name());
    if (v == null || v.isProtected() || (!d.force() && !w.holders(v).isEmpty())) {
      return Set.of();
    }
    World free = w;
    for (Attachment a : w.holders(v)) {
      free = free.without(a);
    }
    return Set.of(Model.trash(free, free.live(d.name())));
  }

  private static <T> Set<World> subsets(
      World w, List<T> things, BiFunction<World, T, World> taken) {
    Set<World> worlds = new LinkedHashSet<>(Set.of(w));
    for (T thing : things) {
      for (World world : List.copyOf(worlds)) {
        worlds.add(taken.apply(world, thing));
      }
    }
    return worlds;
  }

  private static Set<World> swept(Sweep sweep, World w, Answer answer, boolean excused) {
    if (sweep.broom() == Step.Broom.ORPHANS) {
      return orphans(w, answer, excused);
    }
    List<Volume> may =
        w.volumes().values().stream()
            .filter(v ->
                v.trashed()
                    ? sweep.broom() == Step.Broom.TRASH
                    : sweep.broom() == Step.Broom.IDLE && idle(w, v, excused))
            .toList();
    if (answer.kind() == Answer.Kind.UNKNOWN || answer.kind() == Answer.Kind.FAILED) {
      return subsets(w, may, Model::purge);
    }
    World next = w;
    for (String serial : answer.done()) {
      Volume v = next.volumes().get(Integer.valueOf(serial));
      if (!may.contains(v)) {
        return Set.of();
      }
      next = Model.purge(next, v);
    }
    return Set.of(next);
  }

  private static boolean idle(World w, Volume v, boolean excused) {
    return v.kind() == Kind.MEMORY
        && !v.isProtected()
        && w.holders(v).isEmpty()
        && (excused || w.hour() - v.usedHour() >= LONG_ENOUGH);
  }

  private static Set<World> orphans(World w, Answer answer, boolean excused) {
    List<Job> must = new ArrayList<>();
    List<Job> may = new ArrayList<>();
    for (Job j : w.jobs().values()) {
      if (j.living() == Living.PROCESS && !j.processAlive()) {
        must.add(j);
      } else if (j.living() == Living.LEASE && w.hour() - j.leaseHour() >= LONG_ENOUGH) {
        may.add(j);
      }
    }
    may.addAll(must);
    if (answer.kind() != Answer.Kind.DONE) {
      return subsets(w, may, (world, j) -> world.withoutJob(j.name()));
    }
    if (!excused && must.stream().anyMatch(j -> !answer.done().contains(j.name()))) {
      return Set.of();
    }
    World next = w;
    for (String name : answer.done()) {
      if (may.stream().noneMatch(j -> j.name().equals(name))) {
        return Set.of();
      }
      next = next.withoutJob(name);
    }
    return Set.of(next);
  }

  /** After a start: jobs whose processes have ended are released, unless that fails. */
  static Set<World> afterStart(World w) {
    List<Job> ended =
        w.jobs().values().stream()
            .filter(j -> j.living() == Living.PROCESS && !j.processAlive())
            .toList();
    return subsets(w, ended, (world, j) -> world.withoutJob(j.name()));
  }
}
