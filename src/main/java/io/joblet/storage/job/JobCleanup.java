package io.joblet.storage.job;

import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Promises;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.AttachmentStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Ends a job: everything it holds is detached, then it is history. Once begun it is only finished:
 * what a process keeps busy stays, is named, and the settle sweep tries again.
 */
@ApplicationScoped
public class JobCleanup {
  private final JobStore jobs;
  private final LiveJobs live;
  private final JobLocks locks;
  private final AttachmentStore attachments;
  private final JobRunStore runs;
  private final Detaching detaching;
  private final RootTakedown roots;
  private final JobProcesses processes;
  private final HostWork host;
  private final Transactions transactions;
  private final Promises promises;

  JobCleanup(
      JobStore jobs,
      LiveJobs live,
      JobLocks locks,
      AttachmentStore attachments,
      JobRunStore runs,
      Detaching detaching,
      RootTakedown roots,
      JobProcesses processes,
      HostWork host,
      Transactions transactions,
      Promises promises) {
    this.jobs = jobs;
    this.live = live;
    this.locks = locks;
    this.attachments = attachments;
    this.runs = runs;
    this.detaching = detaching;
    this.roots = roots;
    this.processes = processes;
    this.host = host;
    this.transactions = transactions;
    this.promises = promises;
  }

  /**
   * As the other one, of the job that the caller means.
   *
   * @param idOrName or owner/name
   */
  public int cleanUp(String idOrName, String reason, Caller caller, Reply<Integer> reply) {
    LiveJobs.Key job = live.find(caller, idOrName);
    return cleanUp(job.name(), reason, caller.as(job.owner()), reply);
  }

  /**
   * Ends the job and detaches all it holds; a root file system goes too.
   *
   * @return how many volumes were detached
   * @throws Problem.InTheWay when its command runs; or naming the process that keeps a volume busy,
   *     after all others are detached
   */
  public int cleanUp(JobName name, String reason, Caller caller, Reply<Integer> reply) {
    try (Held held = locks.lock(caller.owner(), name.text())) {
      Job job =
          transactions.call(() -> {
            Job begun = begin(jobs.require(caller.owner(), name.text()), reason);
            reply.promise(begun.id, () -> attachments.ofJob(begun.id).size());
            return begun;
          });
      return finish(job, reason, caller, reply::record);
    }
  }

  /**
   * {@link #cleanUp} for a sweep, of a job that is as it was when that looked.
   *
   * @throws Problem.Conflict when its lease was renewed since, or the name is another job's
   */
  public void sweep(Job seen, String reason) {
    Caller daemon = Caller.daemon(seen.owner);
    try (Held held = locks.lock(seen.owner, seen.name)) {
      Job job =
          transactions.call(() -> {
            Job now = jobs.require(seen.owner, seen.name);
            refuseUnlessAsSeen(now, seen);
            return begin(now, reason);
          });
      finish(job, reason, daemon);
    }
  }

  private static void refuseUnlessAsSeen(Job now, Job seen) {
    if (!now.id.equals(seen.id)
        || !Objects.equals(now.leaseExpiresAt, seen.leaseExpiresAt)
        || !now.process().equals(seen.process())) {
      throw new Problem.Conflict(
          "job '" + seen.name + "' was renewed, or is another one by now", null);
    }
  }

  /** {@link #cleanUp}, and the job and its output are forgotten; the caller holds the job. */
  void remove(JobName name, String reason, Caller caller, Reply<Boolean> reply) {
    Job job =
        transactions.call(() -> {
          Job begun = begin(jobs.require(caller.owner(), name.text()), reason);
          begun.removeAtEnd = true;
          reply.promise(begun.id, () -> true);
          return begun;
        });
    finish(job, reason, caller, detached -> reply.record(true));
  }

  /** The rest of a clean-up whose job is ENDING, on nobody's behalf; the caller holds the job. */
  int finish(Job job, String reason, Caller caller) {
    return finish(job, reason, caller, detached -> {});
  }

  /**
   * @param answer of the call that began it, within the last transaction
   */
  private int finish(Job job, String reason, Caller caller, Consumer<Integer> answer) {
    UUID id = job.id;
    int detached = detachAll(id, reason, caller);
    if (job.removeAtEnd) {
      host.tell(() -> processes.forget(id));
    }
    roots.takeDown(
        id,
        caller,
        () -> {
          if (job.removeAtEnd) {
            jobs.deleteById(id);
          } else {
            jobs.findById(id).end();
          }
          answer.accept(detached);
          promises.kept(id);
        });
    return detached;
  }

  private Job begin(Job job, String reason) {
    runs.findByIdOptional(job.id)
        .filter(JobRun::unfinished)
        .ifPresent(r -> {
          throw new Problem.InTheWay(
              "JOB", "job/" + job.name, "job '" + job.name + "' runs; stop it first");
        });
    job.beginEnding(reason);
    return job;
  }

  private int detachAll(UUID jobId, String reason, Caller caller) {
    List<Attachment> held = transactions.call(() -> attachments.ofJob(jobId));
    Problem first = null;
    for (Attachment attachment : held) {
      try {
        detaching.detachHeld(attachment, reason, caller, Reply.none());
      } catch (Problem e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
    return held.size();
  }
}
