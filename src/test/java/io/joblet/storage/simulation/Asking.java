package io.joblet.storage.simulation;

import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Role;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Requests;
import io.joblet.storage.journal.Transactions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** Calls with a request id, through the real {@link Requests} as the edges do. */
final class Asking {
  private final Life life;

  Asking(Life life) {
    this.life = life;
  }

  /** On whose behalf all calls are. */
  static Caller caller(Optional<String> requestId) {
    return new Caller(new Identity("uid:0", Client.OWNER, Role.ADMIN, "simulation"), requestId);
  }

  /** A deed with the reply that it has to give its answer to. */
  interface Deed {
    Told done(Caller caller, Reply<Told> reply);
  }

  Told ask(Step.Asked asked, Deed deed) {
    Caller caller = caller(Optional.of(asked.id()));
    // Its lock would be waited for where nobody could take the turn.
    try (Held held = life.taken().alone(List.of("request", asked.id()))) {
      return life.part(Requests.class)
          .answer(
              caller,
              asked.deed().getClass().getSimpleName(),
              asked.deed().toString().getBytes(StandardCharsets.UTF_8),
              new Requests.Codec<>(Told::bytes, Told::of, told -> told),
              () -> {},
              reply ->
                  life.points().has(Flaw.ANSWER_WRITTEN_LATER)
                      ? later(reply, late -> deed.done(caller, late))
                      : deed.done(caller, reply));
    }
  }

  private Told later(Reply<Told> reply, Function<Reply<Told>, Told> deed) {
    Told told = deed.apply(Reply.none());
    life.part(Transactions.class).run(() -> reply.record(told));
    return told;
  }

  /** For a use case with an answer of its own type. */
  static <T> Reply<T> over(Reply<Told> reply, Function<T, Told> told) {
    return new Reply<>() {
      @Override
      public void promise(UUID subject, Supplier<T> answer) {
        reply.promise(subject, () -> told.apply(answer.get()));
      }

      @Override
      public void promise(Changes changes, UUID subject, Supplier<T> answer) {
        reply.promise(changes, subject, () -> told.apply(answer.get()));
      }

      @Override
      public void record(T answer) {
        reply.record(told.apply(answer));
      }

      @Override
      public void add(Changes changes, T answer) {
        reply.add(changes, told.apply(answer));
      }

      @Override
      public void takeBack() {
        reply.takeBack();
      }
    };
  }
}
