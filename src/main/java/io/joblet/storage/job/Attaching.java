package io.joblet.storage.job;

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
import io.joblet.storage.volume.VolumeView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException;

/**
 * Attaches one or several volumes to a job: all of them or none. Intents in one transaction, one
 * plan on the host, the outcome in one transaction.
 */
@ApplicationScoped
public class Attaching {
  private final HoldingsReader holdings;
  private final VolumeLocks volumeLocks;
  private final JobLocks jobLocks;
  private final Jobs jobs;
  private final AttachIntents intents;
  private final AttachPlans plans;
  private final HostWork host;
  private final Transactions transactions;

  Attaching(
      HoldingsReader holdings,
      VolumeLocks volumeLocks,
      JobLocks jobLocks,
      Jobs jobs,
      AttachIntents intents,
      AttachPlans plans,
      HostWork host,
      Transactions transactions) {
    this.holdings = holdings;
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
    try (Held job = jobLocks.lock(caller.owner(), jobName.text())) {
      Holdings seen = look(jobName, wanted, caller);
      List<UUID> ids = wanted.stream().map(w -> seen.require(w.volume()).id).toList();
      AttachIntents.Wanted all =
          new AttachIntents.Wanted(
              jobName, wanted, liveness, jobs.identify(liveness, caller), caller);
      try (Held held = volumeLocks.lockAll(ids)) {
        return attachHeld(begin(seen, all), caller, reply);
      }
    }
  }

  /**
   * What was seen before the volumes were locked is most often still so, and its rows' versions say
   * if not. A refusal is decided on what is seen now.
   */
  private AttachIntents.Begun begin(Holdings before, AttachIntents.Wanted wanted) {
    try {
      return intents.begin(before, wanted);
    } catch (Problem.Unavailable e) {
      throw e;
    } catch (Problem | ConstraintViolationException perhapsOver) {
      return intents.begin(look(wanted.job(), wanted.mounts(), wanted.caller()), wanted);
    }
  }

  private Holdings look(JobName job, List<WantedMount> wanted, Caller caller) {
    return holdings.forAttaching(caller, wanted.stream().map(WantedMount::volume).toList(), job);
  }

  private Attached attachHeld(AttachIntents.Begun begun, Caller caller, Reply<Attached> reply) {
    HostPlan plan =
        begun.fresh().stream()
            .map(f -> plans.plan(f.volume(), f.attachment(), f.alone()))
            .reduce(HostPlan.empty(), HostPlan::then);
    Deed deed = host.apply("attach", plan);
    if (deed.failure().isPresent()) {
      transactions.run(() -> intents.takeBack(begun, deed, caller));
      throw HostProblems.of(deed.failure().get());
    }
    return intents.complete(begun, deed, caller, reply);
  }
}
