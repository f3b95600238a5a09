package io.joblet.storage.simulation;

import io.joblet.storage.job.Attaching;
import io.joblet.storage.job.Detaching;
import io.joblet.storage.job.FilesystemPreparation;
import io.joblet.storage.job.ForcedDeletion;
import io.joblet.storage.job.JobCleanup;
import io.joblet.storage.job.JobName;
import io.joblet.storage.job.LeaseRenewal;
import io.joblet.storage.job.Liveness;
import io.joblet.storage.job.MountPath;
import io.joblet.storage.job.NewFilesystem;
import io.joblet.storage.job.NewJob;
import io.joblet.storage.job.WantedMount;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.reconcile.Doctor;
import io.joblet.storage.reconcile.IdleSweep;
import io.joblet.storage.reconcile.OrphanSweep;
import io.joblet.storage.reconcile.Settling;
import io.joblet.storage.reconcile.Swept;
import io.joblet.storage.reconcile.TrashSweep;
import io.joblet.storage.simulation.Step.Broom;
import io.joblet.storage.simulation.Step.Kind;
import io.joblet.storage.simulation.Step.Living;
import io.joblet.storage.volume.AccessMode;
import io.joblet.storage.volume.Labels;
import io.joblet.storage.volume.NewVolume;
import io.joblet.storage.volume.VolumeChange;
import io.joblet.storage.volume.VolumeCreation;
import io.joblet.storage.volume.VolumeDeletion;
import io.joblet.storage.volume.VolumeName;
import io.joblet.storage.volume.VolumeType;
import io.joblet.storage.volume.VolumeUndeletion;
import io.joblet.storage.volume.VolumeUpdate;
import io.joblet.storage.volume.VolumeView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Calls the use cases as the edges do, and says what was heard. */
final class Client {
  static final String OWNER = "simulated";

  private static final Caller CALLER = Asking.caller(Optional.empty());
  private static final Duration LEASE = Duration.ofMinutes(90);
  private static final long IMAGE_INODES = 64;

  private final Life life;
  private final HostState host;
  private final Rows.Seen before;

  /** {@code before} is what the client has read when it begins: ids of what is in the trash. */
  Client(Life life, HostState host, Rows.Seen before) {
    this.life = life;
    this.host = host;
    this.before = before;
  }

  /** Throws only what no caller should ever see. */
  Answer perform(Step step) {
    try {
      return call(step);
    } catch (Killed e) {
      return Answer.of(Answer.Kind.UNKNOWN, "no answer");
    } catch (Problem.Unavailable e) {
      return Answer.of(Answer.Kind.UNKNOWN, e.getMessage());
    } catch (Problem e) {
      return Answer.of(
          life.points().fate().struck() ? Answer.Kind.FAILED : Answer.Kind.REFUSED,
          e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private Answer call(Step step) {
    return switch (step) {
      case Step.Asked s -> {
        Told told = new Asking(life).ask(s, (caller, reply) -> deed(s.deed(), caller, reply));
        yield Answer.done(told.what(), told.toString());
      }
      case Step.Purge s -> purge(s);
      case Step.Renew s -> {
        life.part(LeaseRenewal.class).renew(s.job(), CALLER);
        yield Answer.done("renewed");
      }
      case Step.Sweep s -> sweep(s.broom());
      case Step.Settle s -> {
        try (Held held = life.taken().alone("settle")) {
          yield Answer.done("settled " + life.part(Settling.class).settleAll());
        }
      }
      case Step.Examine s -> {
        life.part(Doctor.class).examine(true);
        yield Answer.done("examined");
      }
      case Step.EndProcess s -> {
        host.end(pid(s.job()));
        yield Answer.done("its process has ended");
      }
      default -> {
        deed(step, CALLER, Reply.none());
        yield Answer.done("done");
      }
    };
  }

  /** What takes a reply. */
  private Told deed(Step step, Caller caller, Reply<Told> reply) {
    return switch (step) {
      case Step.Create s -> create(s, caller, reply);
      case Step.Resize s ->
          change(s.name(), Optional.empty(), OptionalLong.of(s.size()), caller, reply);
      case Step.Protect s ->
          change(s.name(), Optional.of(s.on()), OptionalLong.empty(), caller, reply);
      case Step.Attach s -> attach(s, caller, reply);
      case Step.Detach s ->
          Told.volume(
              life.part(Detaching.class)
                  .detach(
                      s.name(),
                      s.job().isEmpty() ? Optional.empty() : Optional.of(new JobName(s.job())),
                      Optional.empty(),
                      caller,
                      Asking.over(reply, Told::volume)));
      case Step.Delete s -> delete(s, caller, reply);
      case Step.Undelete s ->
          Told.volume(
              life.part(VolumeUndeletion.class)
                  .undelete(
                      s.name(),
                      Optional.of(new VolumeName(s.newName())),
                      caller,
                      Asking.over(reply, Told::volume)));
      case Step.Prepare s -> prepare(s, caller, reply);
      case Step.CleanUp s ->
          Told.count(
              life.part(JobCleanup.class)
                  .cleanUp(
                      new JobName(s.job()), "cleaned up", caller, Asking.over(reply, Told::count)));
      default -> throw new AssertionError(step + " takes no reply");
    };
  }

  private Told create(Step.Create s, Caller caller, Reply<Told> reply) {
    boolean memory = s.kind() == Kind.MEMORY;
    return Told.sized(
        life.part(VolumeCreation.class)
            .create(
                new NewVolume(
                    new VolumeName(s.name()),
                    memory ? VolumeType.MEMORY : VolumeType.FILESYSTEM,
                    s.size(),
                    new Labels(Map.of("serial", Integer.toString(s.serial()))),
                    s.kind() == Kind.IMAGE ? IMAGE_INODES : 0,
                    0,
                    0,
                    0755,
                    false,
                    memory ? Optional.of(LEASE) : Optional.empty()),
                caller,
                Asking.over(reply, Told::sized)));
  }

  private Told change(
      String name,
      Optional<Boolean> isProtected,
      OptionalLong size,
      Caller caller,
      Reply<Told> reply) {
    Function<VolumeView, Told> told = size.isPresent() ? Told::sized : Told::volume;
    return told.apply(
        life.part(VolumeUpdate.class)
            .update(
                name,
                new VolumeChange(
                    Optional.empty(), isProtected, size, Optional.empty(), OptionalLong.empty()),
                caller,
                Asking.over(reply, told)));
  }

  private Told attach(Step.Attach s, Caller caller, Reply<Told> reply) {
    Optional<MountPath> path =
        s.path().isEmpty() ? Optional.empty() : Optional.of(new MountPath(s.path()));
    AccessMode mode = AccessMode.valueOf(s.mode().name());
    List<WantedMount> wanted =
        s.names().stream().map(n -> new WantedMount(n, path, false, mode)).toList();
    return Told.attached(
        life.part(Attaching.class)
            .attach(
                new JobName(s.job()),
                wanted,
                liveness(s.living(), s.job()),
                caller,
                Asking.over(reply, Told::attached)));
  }

  private Told prepare(Step.Prepare s, Caller caller, Reply<Told> reply) {
    NewFilesystem root =
        new NewFilesystem(
            Optional.empty(),
            Optional.empty(),
            Model.ROOT_BYTES - 2 * Model.MIB,
            Model.MIB,
            Model.MIB,
            65534,
            65534);
    List<WantedMount> wanted =
        s.names().stream()
            .map(n -> new WantedMount(n, Optional.empty(), false, AccessMode.SHARED))
            .toList();
    return Told.job(
        life.part(FilesystemPreparation.class)
            .prepare(
                new NewJob(new JobName(s.job()), root, wanted),
                liveness(s.living(), s.job()),
                caller,
                Asking.over(reply, Told::job)));
  }

  private Liveness liveness(Living living, String job) {
    return switch (living) {
      case CLEANUP -> new Liveness.UntilCleanup();
      case LEASE -> new Liveness.OfLease(LEASE);
      case PROCESS -> {
        host.start(pid(job));
        yield new Liveness.OfProcess(pid(job));
      }
    };
  }

  private static long pid(String job) {
    return 1000L + job.charAt(0);
  }

  private Told delete(Step.Delete s, Caller caller, Reply<Told> reply) {
    Reply<Optional<VolumeView>> over = Asking.over(reply, Client::deleted);
    return deleted(
        s.force()
            ? life.part(ForcedDeletion.class).delete(s.name(), s.toTrash(), "deleted", caller, over)
            : life.part(VolumeDeletion.class)
                .delete(s.name(), s.toTrash(), "deleted", caller, over));
  }

  private static Told deleted(Optional<VolumeView> trashed) {
    return trashed.map(Told::volume).orElse(Told.nothing());
  }

  private Answer purge(Step.Purge s) {
    Optional<Rows.Volume> meant = before.trashed(s.name());
    if (meant.isEmpty()) {
      return Answer.done("none is in the trash");
    }
    String serial = Integer.toString(meant.get().serial());
    try {
      life.part(VolumeDeletion.class)
          .delete(meant.get().id().toString(), false, "purged", CALLER, Reply.none());
      return Answer.done(List.of(serial), "purged " + serial);
    } catch (Killed | Problem.Unavailable e) {
      return new Answer(Answer.Kind.UNKNOWN, List.of(serial), "unknown");
    } catch (Problem e) {
      return new Answer(
          life.points().fate().struck() ? Answer.Kind.FAILED : Answer.Kind.REFUSED,
          List.of(serial),
          e.toString());
    }
  }

  Answer sweep(Broom broom) {
    try (Held held = life.taken().alone(broom)) {
      List<Swept> swept =
          switch (broom) {
            case IDLE -> life.part(IdleSweep.class).run(false);
            case ORPHANS -> life.part(OrphanSweep.class).run(false);
            case TRASH -> life.part(TrashSweep.class).run(false);
          };
      if (swept.stream().anyMatch(s -> !s.done()) && life.points().fate().struck()) {
        return Answer.of(Answer.Kind.FAILED, "swept " + swept.size());
      }
      return Answer.done(
          swept.stream().filter(Swept::done).map(s -> what(broom, s)).toList(),
          "swept " + swept.size());
    }
  }

  private String what(Broom broom, Swept swept) {
    return broom == Broom.ORPHANS ? swept.name() : Integer.toString(before.serial(swept.id()));
  }
}
