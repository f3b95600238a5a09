package io.joblet.storage.job;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.HostProblems;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.VolumeLocks;
import io.joblet.storage.volume.VolumeStore;
import io.joblet.storage.volume.VolumeView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Attaches one or several volumes to a job: all of them or none. Intents in one transaction, one
 * plan on the host, the outcome in one transaction.
 */
@ApplicationScoped
public class Attaching {
  private final VolumeStore volumes;
  private final VolumeLocks volumeLocks;
  private final JobLocks jobLocks;
  private final Jobs jobs;
  private final AttachIntents intents;
  private final AttachPlans plans;
  private final HostWork host;
  private final Transactions transactions;

  Attaching(
      VolumeStore volumes,
      VolumeLocks volumeLocks,
      JobLocks jobLocks,
      Jobs jobs,
      AttachIntents intents,
      AttachPlans plans,
      HostWork host,
      Transactions transactions) {
    this.volumes = volumes;
    this.volumeLocks = volumeLocks;
    this.jobLocks = jobLocks;
    this.jobs = jobs;
    this.intents = intents;
    this.plans = plans;
    this.host = host;
    this.transactions = transactions;
  }

  /** What a call to attach ends with; all rows as they are then, other holders included. */
  public record Attached(Job job, List<Attachment> attachments, List<VolumeView> volumes) {}

  /**
   * An attachment that is already there exactly so is part of the answer and not made again.
   *
   * @throws Problem.InTheWay naming the job that holds a volume, or what lies at a mount path
   * @throws Problem.Exhausted for more mounts than one job or the host may have
   */
  public Attached attach(
      JobName jobName,
      List<WantedMount> wanted,
      Liveness liveness,
      Caller caller,
      Reply<Attached> reply) {
    List<UUID> ids =
        transactions.call(() ->
            wanted.stream().map(w -> volumes.require(caller.owner(), w.volume()).id).toList());
    Optional<ProcessIdentity> process = jobs.identify(liveness);
    try (Held job = jobLocks.lock(jobName.text());
        Held held = volumeLocks.lockAll(ids)) {
      AttachIntents.Begun begun =
          transactions.call(() -> intents.begin(jobName, wanted, ids, liveness, process, caller));
      HostPlan plan =
          begun.fresh().stream()
              .map(f -> plans.plan(f.volume(), f.attachment(), f.alone()))
              .reduce(HostPlan.empty(), HostPlan::then);
      Deed deed = host.apply("attach", plan);
      if (deed.failure().isPresent()) {
        transactions.run(() -> intents.takeBack(begun, deed, caller));
        throw HostProblems.of(deed.failure().get());
      }
      return transactions.call(() -> intents.complete(begun, deed, caller, reply));
    }
  }
}
