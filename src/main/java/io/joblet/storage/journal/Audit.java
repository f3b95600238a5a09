package io.joblet.storage.journal;

import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Refusals;
import io.joblet.storage.config.Excerpt;
import io.joblet.storage.problem.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import org.hibernate.id.uuid.UuidVersion7Strategy;
import org.jboss.logging.Logger;

/**
 * Writes the table {@code audit}. What cannot be written is logged and changes nothing for the
 * caller: the change, or its refusal, is true all the same.
 *
 * <p>Safe for use by many threads.
 */
@ApplicationScoped
public class Audit implements Refusals {
  static final String OK = "OK";

  /** What it began will be finished; what its caller heard is not written down, or not yet. */
  static final String BEGUN = "BEGUN";

  private static final Logger LOG = Logger.getLogger(Audit.class);

  /** More than these wait for the database only when it is away or somebody floods it. */
  private static final int MOST_WAITING = 256;

  private static final int LONGEST = 1000;

  private final RoundTrips trips;
  private final EntityManager entities;
  private final CurrentNode node;
  private final ExecutorService threads;
  private final Counter unknown;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);
  private final RefusalBudget budget = new RefusalBudget();

  Audit(
      RoundTrips trips,
      EntityManager entities,
      CurrentNode node,
      MeterRegistry meters,
      @VirtualThreads ExecutorService threads) {
    this.trips = trips;
    this.entities = entities;
    this.node = node;
    this.unknown = meters.counter("joblet.unknown.callers");
    this.threads = threads;
  }

  /** The same reply, which also writes down that the call succeeded. */
  public <T> AuditedReply<T> with(AuditedCall call, Reply<T> reply) {
    return new AuditedReply<>(reply, this, entities, call);
  }

  /**
   * Writes down a call that succeeded, in a transaction of its own.
   *
   * @param begun the row that it has, if it has one
   */
  public void succeeded(AuditedCall call, Optional<UUID> begun) {
    AuditRow row = row(call, OK, null);
    begun.ifPresent(id -> row.id = id);
    write(row);
  }

  /**
   * Writes down a call that did not succeed.
   *
   * @param begun the row that it has, if it has one
   * @param outcome the gRPC code
   * @param message what the caller is told
   */
  public void failed(AuditedCall call, Optional<UUID> begun, String outcome, String message) {
    failure(call, begun, outcome, message).ifPresent(this::write);
  }

  /**
   * {@link #failed}, but not now: for a caller that must not wait, or when the database is away.
   */
  public void failedLater(AuditedCall call, Optional<UUID> begun, String outcome, String message) {
    failure(call, begun, outcome, message).ifPresent(this::writeLater);
  }

  /** Empty if it is only counted. */
  private Optional<AuditRow> failure(
      AuditedCall call, Optional<UUID> begun, String outcome, String message) {
    AuditRow row = row(call, outcome, message);
    begun.ifPresent(id -> row.id = id);
    return begun.isPresent() || budget.write(row, Instant.now())
        ? Optional.of(row)
        : Optional.empty();
  }

  private void writeLater(AuditRow row) {
    if (!waiting.tryAcquire()) {
      LOG.errorf("not in the audit, too many are waiting: %s", text(row));
      return;
    }
    threads.execute(() -> {
      try {
        write(row);
      } finally {
        waiting.release();
      }
    });
  }

  @Override
  public void denied(Identity who, String method, Problem.Denied refusal) {
    failedLater(
        AuditedCall.unread(who, method),
        Optional.empty(),
        "PERMISSION_DENIED",
        refusal.getMessage());
  }

  @Override
  public void unknown() {
    unknown.increment();
  }

  /** Writes a row for each caller of which refusals were only counted, in minutes that ended. */
  public void writeCounted(Instant now) {
    for (AuditRow row : budget.counted(now)) {
      // Ids are in the order of writing.
      row.id = UuidVersion7Strategy.INSTANCE.generateUuid(null);
      write(row);
    }
  }

  void writeAllCounted(@Observes ShutdownEvent end) {
    writeCounted(Instant.MAX);
  }

  /** Drops entries that are older; within a transaction. Returns how many. */
  public int forgetBefore(Instant before) {
    return entities
        .createQuery("delete from Audit where nodeId = :node and calledAt < :before")
        .setParameter("node", node.id())
        .setParameter("before", before)
        .executeUpdate();
  }

  private void write(AuditRow row) {
    try {
      Changes changes = new Changes();
      add(changes, row);
      trips.commit(changes);
    } catch (RuntimeException e) {
      LOG.errorf(e, "not in the audit: %s", text(row));
    }
  }

  /** Writes the row, or what has become of the call whose row it is. */
  static void add(Changes changes, AuditRow row) {
    changes.add(
        "insert into audit (id, node_id, at, principal, role, owner, source, method, target,"
            + " related, request_id, outcome, message, duration_us, wanted, calls)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as jsonb), ?)"
            + " on conflict (id) do update set outcome = excluded.outcome,"
            + " message = excluded.message, duration_us = excluded.duration_us",
        row.id,
        row.nodeId,
        row.calledAt,
        row.principal,
        row.role,
        row.owner,
        row.source,
        row.method,
        row.target,
        row.related,
        row.requestId,
        row.outcome,
        row.message,
        row.durationUs,
        row.wanted,
        row.calls);
  }

  AuditRow row(AuditedCall call, String outcome, String message) {
    AuditRow row = new AuditRow();
    row.id = UuidVersion7Strategy.INSTANCE.generateUuid(null);
    row.nodeId = node.id();
    row.calledAt = call.at();
    row.principal = call.who().principal();
    row.role = call.who().role().name();
    row.owner = call.who().owner();
    row.source = call.who().source();
    row.method = call.method();
    row.target = call.target();
    row.related = call.related();
    row.wanted = call.wanted().get();
    row.requestId = call.requestId();
    row.outcome = outcome;
    row.message = message == null ? null : Excerpt.of(message, LONGEST);
    row.durationUs = (System.nanoTime() - call.began()) / 1000;
    return row;
  }

  private static String text(AuditRow row) {
    return String.join(
        " ", row.principal, row.source, row.method, String.valueOf(row.target), row.outcome);
  }
}
