package io.joblet.storage.journal;

import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Repeatable calls: the same id with the same body gets the same answer, and the deed is done once.
 *
 * <p>The answer is written in the transaction that made it true ({@link Reply}). So after a crash
 * either the answer is there, or the deed was not done, or it is a transitional row that the
 * reconciler takes back or finishes before anybody is served.
 */
@ApplicationScoped
public class Requests {
  /** How long an id is remembered. */
  public static final Duration KEPT = Duration.ofDays(1);

  private final EntityManager entities;
  private final Transactions transactions;
  private final CurrentNode node;
  private final KeyedLocks<RequestRow.Key> locks = new KeyedLocks<>();

  Requests(EntityManager entities, Transactions transactions, CurrentNode node) {
    this.entities = entities;
    this.transactions = transactions;
    this.node = node;
  }

  /** How an edge writes its answers down and reads them back. */
  public record Codec<T, A>(
      Function<T, byte[]> encode, Function<byte[], A> decode, Function<T, A> map) {}

  /**
   * Answers from what is known, or else by {@code deed}.
   *
   * @param method the call's name: an id belongs to one method
   * @param body the request without its id, in a stable encoding
   * @throws Problem.Invalid when the id was used with another method or body
   */
  public <T, A> A answer(
      Caller caller, String method, byte[] body, Codec<T, A> codec, Function<Reply<T>, T> deed) {
    if (caller.requestId().isEmpty()) {
      return codec.map().apply(deed.apply(Reply.none()));
    }
    RequestRow.Key key =
        new RequestRow.Key(node.id(), caller.principal(), caller.requestId().get());
    byte[] hash = sha256(method, body);
    try (KeyedLocks.Held held = locks.lock(key)) {
      RequestRow known = transactions.call(() -> entities.find(RequestRow.class, key));
      if (known != null) {
        return codec.decode().apply(sameAnswer(known, method, hash));
      }
      return codec
          .map()
          .apply(deed.apply(new Written<>(entities, key, method, hash, codec.encode())));
    }
  }

  /** Forgets ids older than {@link #KEPT}; within a transaction. Returns how many. */
  public int forgetOld(Instant now) {
    return entities
        .createQuery("delete from Request where key.nodeId = :node and createdAt < :before")
        .setParameter("node", node.id())
        .setParameter("before", now.minus(KEPT))
        .executeUpdate();
  }

  private static byte[] sameAnswer(RequestRow known, String method, byte[] hash) {
    if (!known.method.equals(method) || !Arrays.equals(known.bodySha256, hash)) {
      throw new Problem.Invalid(
          "request_id", "was used before with another request (" + known.method + ")");
    }
    return known.answer;
  }

  /** Writes the answer of one call down. */
  private static final class Written<T> implements Reply<T> {
    private final EntityManager entities;
    private final RequestRow.Key key;
    private final String method;
    private final byte[] hash;
    private final Function<T, byte[]> encode;

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
    public void record(T answer) {
      RequestRow row = new RequestRow();
      row.key = key;
      row.method = method;
      row.bodySha256 = hash;
      row.answer = encode.apply(answer);
      row.createdAt = Instant.now();
      entities.persist(row);
    }

    @Override
    public void add(Changes changes, T answer) {
      changes.add(
          "insert into request (node_id, principal, request_id, method, body_sha256, answer,"
              + " created_at) values (?, ?, ?, ?, ?, ?, ?)",
          key.nodeId(),
          key.principal(),
          key.requestId(),
          method,
          hash,
          encode.apply(answer),
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
