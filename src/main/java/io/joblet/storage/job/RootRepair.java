package io.joblet.storage.job;

import io.joblet.storage.host.HostOperation.MakeJobCgroup;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.JobLimits;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations.Subject;
import io.joblet.storage.journal.Repairs;
import io.joblet.storage.journal.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Puts back the root file systems of prepared jobs, and takes away what no job explains. */
@ApplicationScoped
public class RootRepair {
  private final JobStore jobs;
  private final JobFilesystemStore filesystems;
  private final JobRunStore runs;
  private final JobLocks locks;
  private final RootTakedown roots;
  private final Repairs repairs;
  private final Transactions transactions;

  RootRepair(
      JobStore jobs,
      JobFilesystemStore filesystems,
      JobRunStore runs,
      JobLocks locks,
      RootTakedown roots,
      Repairs repairs,
      Transactions transactions) {
    this.jobs = jobs;
    this.filesystems = filesystems;
    this.runs = runs;
    this.locks = locks;
    this.roots = roots;
    this.repairs = repairs;
    this.transactions = transactions;
  }

  /**
   * Mounts the root of a prepared job again; nothing if it has ended meanwhile.
   *
   * @throws io.joblet.storage.problem.Problem when the host refuses
   */
  public void repeat(UUID id) {
    Optional<Job> found = transactions.call(() -> jobs.findByIdOptional(id));
    if (found.isEmpty()) {
      return;
    }
    try (Held held = locks.lock(found.get())) {
      Optional<JobFilesystem> prepared = transactions.call(() -> prepared(id));
      prepared.ifPresent(f ->
          repairs.apply(
              "repair-root",
              RootPlans.plan(found.get(), f, Optional.empty()),
              new Subject(null, null, found.get().owner, found.get().name)));
    }
  }

  private Optional<JobFilesystem> prepared(UUID id) {
    boolean still =
        jobs.findByIdOptional(id).filter(j -> j.state == Job.State.ACTIVE).isPresent()
            && runs.findByIdOptional(id).isEmpty();
    return still ? filesystems.findByIdOptional(id) : Optional.empty();
  }

  /**
   * Ends what is in the cgroup of a job that no row knows, and removes it; nothing if there is such
   * a job by now.
   */
  public void removeCgroup(UUID id) {
    boolean known =
        transactions.call(
            () -> jobs.findByIdOptional(id).filter(j -> j.state != Job.State.ENDED).isPresent());
    if (known) {
      return;
    }
    roots.killAll(id);
    repairs.undo(
        "repair-job-cgroup",
        HostPlan.of(new MakeJobCgroup(id, JobLimits.DEFAULT)),
        new Subject(null, null, null, null));
  }
}
