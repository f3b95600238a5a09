package io.joblet.storage.simulation;

import io.joblet.storage.simulation.Step.Asked;
import io.joblet.storage.simulation.Step.Attach;
import io.joblet.storage.simulation.Step.Create;
import io.joblet.storage.simulation.Step.Delete;
import io.joblet.storage.simulation.Step.Detach;
import io.joblet.storage.simulation.Step.Kind;
import io.joblet.storage.simulation.Step.Prepare;
import io.joblet.storage.simulation.Step.Protect;
import io.joblet.storage.simulation.Step.Resize;
import io.joblet.storage.simulation.Step.Undelete;
import io.joblet.storage.simulation.World.Volume;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which worlds a step with a request id may have ended in: what is answered is so in all of them,
 * and nothing is done without its answer.
 */
final class RequestOutcomes {
  private RequestOutcomes() {}

  static Set<World> of(Asked asked, World w, Answer answer, boolean excused) {
    List<String> known = w.answers().get(asked.id());
    return known == null ? first(asked, w, answer, excused) : again(known, w, answer, excused);
  }

  /** Nothing happens, and nothing is refused any more unless it has yet to be finished. */
  private static Set<World> again(List<String> known, World w, Answer answer, boolean excused) {
    return switch (answer.kind()) {
      case DONE -> known.equals(answer.done()) ? Set.of(w) : Set.of();
      case UNKNOWN -> Set.of(w);
      case REFUSED, FAILED -> excused ? Set.of(w) : Set.of();
    };
  }

  private static Set<World> first(Asked asked, World w, Answer answer, boolean excused) {
    Step deed = asked.deed();
    Set<World> worlds = Outcomes.of(deed, w, answer, excused);
    Optional<World> done = Model.done(deed, w);
    return switch (answer.kind()) {
      case REFUSED -> worlds;
      case DONE ->
          done.isPresent() && !told(deed, w).equals(answer.done())
              ? Set.of()
              : worlds.stream()
                  .map(next -> next.answered(asked.id(), answer.done()))
                  .collect(Collectors.toCollection(LinkedHashSet::new));
      case FAILED, UNKNOWN -> {
        if (answer.kind() == Answer.Kind.FAILED && Outcomes.takenBack(deed)) {
          yield worlds;
        }
        Set<World> all = new LinkedHashSet<>(worlds);
        // Whoever finishes it also after a death, it is not done without its answer.
        done.filter(d -> !d.equals(w)).ifPresent(all::remove);
        done.ifPresent(d -> all.add(d.answered(asked.id(), told(deed, w))));
        if (deed instanceof Delete d && !d.toTrash()) {
          // What is to be destroyed comes into the trash first, and its answer is written by then.
          Set<World> trash = Outcomes.trashed(d, w);
          all.removeAll(trash);
          trash.forEach(t -> all.add(t.answered(asked.id(), told(deed, w))));
        }
        if (excused && done.isEmpty() && Outcomes.meetsRemains(deed)) {
          all.add(w.answered(asked.id(), told(deed, w)));
        }
        yield all;
      }
    };
  }

  /** What an answer says that the model knows of too; see {@link Told}. */
  private static List<String> told(Step deed, World w) {
    return switch (deed) {
      case Create s -> List.of(Integer.toString(s.serial()), s.name(), Long.toString(s.size()));
      case Resize s ->
          live(w, s.name())
              .map(v -> List.of(serial(v), v.name(), Long.toString(s.size())))
              .orElse(List.of());
      case Protect s -> named(live(w, s.name()), s.name());
      case Attach s ->
          s.names().stream().flatMap(n -> live(w, n).stream()).map(v -> serial(v)).toList();
      case Detach s -> named(live(w, s.name()), s.name());
      case Delete s ->
          named(live(w, s.name()).filter(v -> s.toTrash() && v.kind() != Kind.MEMORY), s.name());
      case Undelete s ->
          named(w.trash().stream().filter(v -> v.name().equals(s.name())).findFirst(), s.newName());
      case Prepare s -> List.of(s.job());
      default -> List.of();
    };
  }

  private static Optional<Volume> live(World w, String name) {
    return Optional.ofNullable(w.live(name));
  }

  private static List<String> named(Optional<Volume> volume, String name) {
    return volume.map(v -> List.of(serial(v), name)).orElse(List.of());
  }

  private static String serial(Volume v) {
    return Integer.toString(v.serial());
  }
}
