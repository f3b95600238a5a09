package io.joblet.storage.volume;

import io.joblet.storage.journal.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

/**
 * Numbers of level-1 quota groups, never given twice: a sequence that is taken from in blocks. What
 * a daemon took and did not use is skipped.
 */
@ApplicationScoped
public class QgroupNumbers {
  /** The increment of the sequence in db/migration. */
  private static final int BLOCK = 64;

  private final EntityManager entities;
  private final Transactions transactions;
  private long next;
  private long end;

  QgroupNumbers(EntityManager entities, Transactions transactions) {
    this.entities = entities;
    this.transactions = transactions;
  }

  /** Outside any transaction of the caller's. */
  public synchronized long next() {
    if (next == end) {
      next = transactions.call(() -> number("select nextval('qgroup_number')"));
      end = next + BLOCK;
    }
    return next++;
  }

  /**
   * Makes sure that no number up to {@code used} is given again: an older database restored beside
   * a newer pool would otherwise put two volumes into one group. Within a transaction.
   */
  public synchronized void skipTo(long used) {
    long last = number("select last_value from qgroup_number");
    if (last <= used) {
      number("select setval('qgroup_number', " + (used + BLOCK) + ")");
      next = 0;
      end = 0;
    }
  }

  private long number(String sql) {
    return ((Number) entities.createNativeQuery(sql).getSingleResult()).longValue();
  }
}
