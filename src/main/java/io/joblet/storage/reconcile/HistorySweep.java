package io.joblet.storage.reconcile;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.event.EventFeed;
import io.joblet.storage.job.AttachmentHistory;
import io.joblet.storage.job.JobStore;
import io.joblet.storage.job.OutputRetention;
import io.joblet.storage.journal.Audit;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.Requests;
import io.joblet.storage.journal.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;

/** Forgets what is too old to be of use. It is only history: nothing on the host depends on it. */
@ApplicationScoped
public class HistorySweep {
  private final Operations operations;
  private final Audit audit;
  private final AttachmentHistory attachments;
  private final JobStore jobs;
  private final Requests requests;
  private final EventFeed events;
  private final Transactions transactions;
  private final OutputRetention outputs;
  private final Duration retention;
  private final Duration outputRetention;

  HistorySweep(
      Operations operations,
      Audit audit,
      AttachmentHistory attachments,
      JobStore jobs,
      Requests requests,
      EventFeed events,
      Transactions transactions,
      OutputRetention outputs,
      StorageConfig config) {
    this.operations = operations;
    this.audit = audit;
    this.attachments = attachments;
    this.jobs = jobs;
    this.requests = requests;
    this.events = events;
    this.transactions = transactions;
    this.outputs = outputs;
    this.retention = config.sweep().historyRetention();
    Duration wanted = config.job().logRetention();
    this.outputRetention = wanted.compareTo(retention) < 0 ? wanted : retention;
  }

  /** Returns how many rows it dropped. */
  public long run() {
    Instant now = Instant.now();
    Instant before = now.minus(retention);
    // Never after the rows: without them nobody would know whose it is.
    outputs.forgetEndedBefore(now.minus(outputRetention));
    events.forgetBefore(before);
    return transactions.call(() ->
        operations.forgetBefore(before)
            + audit.forgetBefore(before)
            + attachments.forgetBefore(before)
            + jobs.forgetEndedBefore(before)
            + requests.forgetOld(Instant.now()));
  }
}
