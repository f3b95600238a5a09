package io.joblet.storage.journal;

import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Repeatable calls: the same id with the same body gets the same answer, and the deed is done once.
 *
 * <p>The answer is written in the transaction that made it true ({@link Reply}), and promised in
 * the one that begins what is finished also after a crash. So after a crash either the answer is
 * there, or the deed was not done or is taken back, or it is promised and a transitional row has
 * yet to be finished: whoever asks again finishes it. So it is with what was told to have failed
 * and was not taken back.
 */
@ApplicationScoped
public class Requests {
  /** How long an id is remembered. */
  public static final Duration KEPT = Duration.ofDays(1);

  private static final Duration SETTLED_SOON = Duration.ofSeconds(1);

  private final EntityManager entities;
  private final Transactions transactions;
  private final CurrentNode node;
  private final Promises promises;
  private final Unfinished unfinished;
  private final KeyedLocks<RequestRow.Key> locks = new KeyedLocks<>();

  Requests(
      EntityManager entities,
      Transactions transactions,
      CurrentNode node,
      Promises promises,
      Unfinished unfinished) {
    this.entities = entities;
    this.transactions = transactions;
    this.node = node;
    this.promises = promises;
    this.unfinished = unfinished;
  }

  /** How an edge writes its answers down and reads them back. */
  public record Codec<T, A>(
      Function<T, byte[]> encode, Function<byte[], A> decode, Function<T, A> map) {}

  /**
   * Answers from what is known, or else by {@code deed}.
   *
   * @param method the call's name: an id belongs to one method
   * @param body the request without its id, in a stable encoding
   * @param goesOn told when a former call's deed is gone on with, instead of {@code deed}
   * @throws Problem.Invalid when the id was used with another method or body
   * @throws Problem when it was begun before, and the host refuses to let it be finished
   */
  public <T, A> A answer(
      Caller caller,
      String method,
      byte[] body,
      Codec<T, A> codec,
      Runnable goesOn,
      Function<Reply<T>, T> deed) {
    if (caller.requestId().isEmpty()) {
      return codec.map().apply(deed.apply(Reply.none()));
    }
    RequestRow.Key key =
        new RequestRow.Key(node.id(), caller.principal(), caller.requestId().get());
    byte[] hash = sha256(method, body);
    try (KeyedLocks.Held held = locks.lock(key)) {
      Optional<byte[]> known =
          transactions
              .call(() -> Optional.ofNullable(entities.find(RequestRow.class, key)))
              .map(row -> row.sameAs(method, hash))
              .flatMap(
                  row -> row.subjectId == null ? Optional.of(row.answer) : finished(row, goesOn));
      return known.isPresent()
          ? codec.decode().apply(known.get())
          : codec
              .map()
              .apply(deed.apply(new Written<>(entities, key, method, hash, codec.encode())));
    }
  }

  /** The words of the call may mean something else by now: it is gone on with, not done again. */
  private Optional<byte[]> finished(RequestRow promised, Runnable goesOn) {
    goesOn.run();
    unfinished.finish(promised.subjectId);
    return transactions.call(() -> kept(promised.key));
  }

  private Optional<byte[]> kept(RequestRow.Key key) {
    RequestRow row = entities.find(RequestRow.class, key);
    if (row == null) {
      return Optional.empty();
    }
    if (row.subjectId == null) {
      return Optional.of(row.answer);
    }
    if (promises.open(row.subjectId)) {
      throw new Problem.Unavailable(
          "what was asked for with this request_id is being finished; try again",
          SETTLED_SOON,
          null);
    }
    // Whoever settled it has not kept the promise, so it was taken back; or did so just now.
    int takenBack =
        entities
            .createQuery("delete from Request where key = :key and subjectId is not null")
            .setParameter("key", key)
            .executeUpdate();
    if (takenBack == 0) {
      entities.refresh(row);
      return Optional.of(row.answer);
    }
    return Optional.empty();
  }

  /** Forgets ids older than {@link #KEPT}; within a transaction. Returns how many. */
  public int forgetOld(Instant now) {
    return entities
        .createQuery("delete from Request where key.nodeId = :node and createdAt < :before")
        .setParameter("node", node.id())
        .setParameter("before", now.minus(KEPT))
        .executeUpdate();
  }

  /** Writes the answer of one call down. */
  private static final class Written<T> implements Reply<T> {
    private final EntityManager entities;
    private final RequestRow.Key key;
    private final String method;
    private final byte[] hash;
    private final Function<T, byte[]> encode;
    private boolean promised;

    Written(
        EntityManager entities,
        RequestRow.Key key,
        String method,
        byte[] hash,
        Function<T, byte[]> encode) {
      this.entities = entities;
      this.key = key;
      this.method = method;
      this.hash = hash;
      this.encode = encode;
    }

    @Override
    public void promise(UUID subject, Supplier<T> answer) {
      if (!promised) {
        promised = true;
        persist(answer.get(), subject);
      }
    }

    @Override
    public void promise(Changes changes, UUID subject, Supplier<T> answer) {
      promised = true;
      insert(changes, answer.get(), subject);
    }

    @Override
    public void record(T answer) {
      int kept =
          promised
              ? entities
                  .createQuery(
                      "update Request set answer = :answer, subjectId = null where key = :key")
                  .setParameter("answer", encode.apply(answer))
                  .setParameter("key", key)
                  .executeUpdate()
              : 0;
      if (kept == 0) {
        persist(answer, null);
      }
    }

    @Override
    public void add(Changes changes, T answer) {
      insert(changes, answer, null);
    }

    private void persist(T answer, UUID subject) {
      RequestRow row = new RequestRow();
      row.key = key;
      row.method = method;
      row.bodySha256 = hash;
      row.answer = encode.apply(answer);
      row.subjectId = subject;
      row.createdAt = Instant.now();
      entities.persist(row);
    }

    private void insert(Changes changes, T answer, UUID subject) {
      changes.add(
          "insert into request (node_id, principal, request_id, method, body_sha256, answer,"
              + " subject_id, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)"
              // What was promised is there, unless that was rolled back.
              + (promised && subject == null
                  ? " on conflict (node_id, principal, request_id)"
                      + " do update set answer = excluded.answer, subject_id = null"
                  : ""),
          key.nodeId(),
          key.principal(),
          key.requestId(),
          method,
          hash,
          encode.apply(answer),
          subject,
          Instant.now());
    }

    @Override
    public void takeBack() {
      entities
          .createQuery("delete from Request where key = :key")
          .setParameter("key", key)
          .executeUpdate();
    }
  }

  private static byte[] sha256(String method, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(method.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return digest.digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
