package io.joblet.storage.reconcile;

import io.joblet.storage.event.EventFeed;
import io.joblet.storage.journal.Audit;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.usage.UsageSampler;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** When the sweeps run. One that fails says so, and the next one tries again. */
@ApplicationScoped
class SweepSchedule {
  private static final Logger LOG = Logger.getLogger(SweepSchedule.class);

  private final IdleSweep idle;
  private final OrphanSweep orphans;
  private final TrashSweep trash;
  private final HistorySweep history;
  private final Settling settling;
  private final UsageMetrics metrics;
  private final UsageSampler usage;
  private final EventFeed events;
  private final Audit audit;
  private final Startup startup;
  private final MeterRegistry meters;

  SweepSchedule(
      IdleSweep idle,
      OrphanSweep orphans,
      TrashSweep trash,
      HistorySweep history,
      Settling settling,
      UsageMetrics metrics,
      UsageSampler usage,
      EventFeed events,
      Audit audit,
      Startup startup,
      MeterRegistry meters) {
    this.idle = idle;
    this.orphans = orphans;
    this.trash = trash;
    this.history = history;
    this.settling = settling;
    this.metrics = metrics;
    this.usage = usage;
    this.events = events;
    this.audit = audit;
    this.startup = startup;
    this.meters = meters;
  }

  @Scheduled(
      identity = "sweep",
      every = "{joblet.sweep.interval}",
      delayed = "{joblet.sweep.interval}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void sweep() {
    report("orphans", () -> orphans.run(false));
    report("idle", () -> idle.run(false));
    report("trash", () -> trash.run(false));
    guarded("metrics", metrics::sample);
    guarded("audit", () -> audit.writeCounted(Instant.now()));
  }

  @Scheduled(
      identity = "settle",
      every = "{joblet.sweep.settle-interval}",
      delayed = "{joblet.sweep.settle-interval}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void settle() {
    guarded("settle", settling::settleAll);
  }

  @Scheduled(
      identity = "usage",
      every = "{joblet.usage.interval}",
      delayed = "{joblet.usage.interval}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void sampleUsage() {
    guarded("usage", usage::sample);
  }

  @Scheduled(
      identity = "history",
      every = "1h",
      delayed = "10m",
      concurrentExecution = ConcurrentExecution.SKIP)
  void forget() {
    guarded("history", history::run);
  }

  @Scheduled(identity = "events", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void tell() {
    guarded("events", events::advance);
  }

  private void report(String sweep, Supplier<List<Swept>> run) {
    guarded(
        sweep,
        () -> {
          List<Swept> swept = run.get();
          for (Swept item : swept) {
            meters.counter("joblet.swept", "sweep", sweep, "done", "" + item.done()).increment();
            if (item.done()) {
              LOG.infof("swept %s '%s' (%s): %s", sweep, item.name(), item.id(), item.reason());
            } else {
              LOG.warnf(
                  "cannot sweep %s '%s' (%s): %s", sweep, item.name(), item.id(), item.error());
            }
          }
        });
  }

  private void guarded(String sweep, Runnable run) {
    if (!startup.isDone()) {
      return;
    }
    try {
      run.run();
    } catch (Problem e) {
      LOG.warnf("the %s sweep will be tried again: %s", sweep, e.getMessage());
    }
  }
}
