package io.joblet.storage.job;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.Capacity;
import io.joblet.storage.volume.VolumeLocks;
import io.joblet.storage.volume.VolumeType;
import io.joblet.storage.volume.VolumeView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.exception.ConstraintViolationException;

/**
 * A job with a root file system, as far as it goes before anything runs in it: all rows as intents
 * in one transaction, then one plan on the host for the root and every volume in it. The caller
 * says in a transaction of its own that it is done, before it gives the job and the volumes back.
 */
@ApplicationScoped
class JobBuilding {
  private final HostUse hostUse;
  private final HoldingsReader holdings;
  private final JobFilesystemStore filesystems;
  private final AttachIntents intents;
  private final AttachPlans attachPlans;
  private final JobLocks jobLocks;
  private final VolumeLocks volumeLocks;
  private final Capacity capacity;
  private final Host kernel;
  private final HostWork host;
  private final Transactions transactions;
  private final RoundTrips database;
  private final NameTaken nameTaken;
  private final int mostJobs;

  JobBuilding(
      HostUse hostUse,
      HoldingsReader holdings,
      JobFilesystemStore filesystems,
      AttachIntents intents,
      AttachPlans attachPlans,
      JobLocks jobLocks,
      VolumeLocks volumeLocks,
      Capacity capacity,
      Host kernel,
      HostWork host,
      Transactions transactions,
      RoundTrips database,
      NameTaken nameTaken,
      StorageConfig config) {
    this.hostUse = hostUse;
    this.holdings = holdings;
    this.filesystems = filesystems;
    this.intents = intents;
    this.attachPlans = attachPlans;
    this.jobLocks = jobLocks;
    this.volumeLocks = volumeLocks;
    this.capacity = capacity;
    this.kernel = kernel;
    this.host = host;
    this.transactions = transactions;
    this.database = database;
    this.nameTaken = nameTaken;
    this.mostJobs = config.limits().jobs();
  }

  /**
   * Who is to be built, and what for.
   *
   * @param kind what the records call it
   * @param meanwhile to be begun when the intents are written, as far as nothing of it would
   *     outlive the daemon
   */
  record Order(
      String kind,
      NewJob job,
      Liveness liveness,
      Optional<ProcessIdentity> process,
      Optional<NewRun> run,
      Runnable meanwhile,
      Caller caller) {}

  /** A job that is being built: its rows, and what is on the host by now. */
  record Built(
      AttachIntents.Begun begun,
      JobFilesystem filesystem,
      Optional<JobRun> run,
      HostPlan plan,
      Deed deed) {
    Job job() {
      return begun.job();
    }

    JobView view() {
      List<JobView.Held> held = new ArrayList<>();
      for (int i = 0; i < begun.all().size(); i++) {
        Attachment attachment = begun.all().get(i);
        VolumeView volume = begun.volumes().get(i);
        held.add(new JobView.Held(attachment, volume.volume().name));
      }
      return new JobView(job(), Optional.of(filesystem), run, held);
    }
  }

  /**
   * Builds the job and, while it and its volumes are held, lets {@code finish} do the rest; nothing
   * is left when building fails.
   *
   * @throws Problem.AlreadyExists when a live job has the name
   * @throws Problem.InTheWay when a volume cannot be had
   * @throws Problem.Exhausted for more than the host, or the memory budget, allows
   */
  <T> T build(Order order, Function<Built, T> finish) {
    NewJob wanted = order.job();
    hostUse.require(order.caller().identity(), order);
    refuseScratch(wanted);
    try (Held job = jobLocks.lock(order.caller().owner(), wanted.name().text())) {
      Holdings seen = look(order);
      List<UUID> volumes = wanted.volumes().stream().map(w -> seen.require(w.volume()).id).toList();
      refuseTwice(volumes);
      try (Held held = volumeLocks.lockAll(volumes)) {
        return finish.apply(build(order, seen));
      }
    }
  }

  /**
   * Takes everything off the host again, and the rows with it, whatever state they have reached.
   *
   * @param gone once nothing is left on the host, and before the rows go
   * @param also in the transaction that does so
   */
  void undo(String kind, Built built, Caller caller, Runnable gone, Runnable also) {
    Deed deed = host.undo(kind, built.plan());
    if (deed.nothingLeft()) {
      gone.run();
    }
    takeBack(built, deed, caller, also);
  }

  private Holdings look(Order order) {
    return holdings.forAttaching(
        order.caller(),
        order.job().volumes().stream().map(WantedMount::volume).toList(),
        order.job().name());
  }

  private Built build(Order order, Holdings seen) {
    long memory = order.job().filesystem().memoryBytes();
    capacity.claim(VolumeType.MEMORY, memory, memory, false);
    Built intent;
    try {
      order.meanwhile().run();
      intent = writeIntents(order, seen);
    } catch (Problem.Unavailable e) {
      // The rows may be there after all; the recount that follows finds out.
      throw e;
    } catch (RuntimeException e) {
      capacity.release(VolumeType.MEMORY, memory);
      throw e;
    }
    Deed deed = host.apply(order.kind(), intent.plan());
    if (deed.failure().isPresent()) {
      takeBack(intent, deed, order.caller(), () -> {});
      throw CommandProblems.ofRoot(deed.failure().get());
    }
    return new Built(intent.begun(), intent.filesystem(), intent.run(), intent.plan(), deed);
  }

  /** A refusal is decided on what is seen now, as in {@link Attaching}. */
  private Built writeIntents(Order order, Holdings seen) {
    try {
      return write(order, seen);
    } catch (Problem.Unavailable | Problem.AlreadyExists e) {
      throw e;
    } catch (Problem | ConstraintViolationException perhapsOver) {
      refuseTooMany();
      return write(order, look(order));
    }
  }

  private Built write(Order order, Holdings seen) {
    NewJob wanted = order.job();
    if (seen.job().isPresent()) {
      throw nameTaken.by(order.caller().owner(), wanted.name());
    }
    AttachIntents.Begun begun =
        intents.decide(
            seen,
            new AttachIntents.Wanted(
                wanted.name(),
                wanted.volumes(),
                order.liveness(),
                order.process(),
                order.caller()));
    Userland userland = wanted.filesystem().userland().orElseGet(this::usual);
    JobFilesystem filesystem = JobFilesystem.of(begun.job().id, wanted.filesystem(), userland);
    Optional<JobRun> run = order.run().map(r -> JobRun.of(begun.job().id, r));
    run.ifPresent(r -> begun.fresh().forEach(f -> f.attachment().ioLimits = r.ioLimits));
    if (run.isEmpty()) {
      begun.job().beginBuilding();
    }
    Changes changes = intents.intents(begun);
    filesystems.requireFewer(changes, mostJobs);
    JobFilesystemRows.insert(changes, filesystem);
    run.ifPresent(r -> JobFilesystemRows.insert(changes, r));
    try {
      database.commit(changes);
    } catch (ConstraintViolationException e) {
      throw "job_name_is_unique".equals(e.getConstraintName())
          ? nameTaken.by(order.caller().owner(), wanted.name())
          : e;
    }
    HostPlan root = RootPlans.plan(begun.job(), filesystem, run);
    HostPlan plan =
        begun.fresh().stream()
            .map(f -> attachPlans.plan(f.volume(), f.attachment(), f.alone()))
            .reduce(root, HostPlan::then);
    return new Built(begun, filesystem, run, plan, null);
  }

  /** File system and run go with their job, by the foreign key. */
  private void takeBack(Built built, Deed deed, Caller caller, Runnable also) {
    transactions.run(() -> {
      intents.takeBack(built.begun(), deed, caller);
      also.run();
    });
    if (deed.nothingLeft()) {
      capacity.release(VolumeType.MEMORY, built.filesystem().memoryBytes());
    }
  }

  private Userland usual() {
    return host.ask(kernel::hasUsualUserland) ? Userland.HOST : Userland.MINIMAL;
  }

  private void refuseTooMany() {
    if (filesystems.countLive() >= mostJobs) {
      throw new Problem.Exhausted(
          "joblet.limits.jobs",
          "this host can have at most " + mostJobs + " jobs with a root file system");
    }
  }

  private static void refuseTwice(List<UUID> volumes) {
    for (int i = 0; i < volumes.size(); i++) {
      int first = volumes.indexOf(volumes.get(i));
      if (first < i) {
        throw new Problem.Invalid(
            "volumes[" + i + "].volume", "is the same volume as volumes[" + first + "]");
      }
    }
  }

  /** A directory that the job can rename must hold no mount of ours: its path would not hold. */
  private static void refuseScratch(NewJob wanted) {
    for (int i = 0; i < wanted.volumes().size(); i++) {
      Optional<MountPath> path = wanted.volumes().get(i).path();
      if (path.filter(MountPath::inScratch).isPresent()) {
        throw new Problem.Invalid(
            "volumes[" + i + "].mount_path",
            "must not be at or below /work or /tmp, was " + path.get().text());
      }
    }
  }
}
