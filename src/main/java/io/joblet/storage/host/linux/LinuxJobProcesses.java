package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.JobLog;
import io.joblet.storage.host.JobProcess;
import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Jobs below supervisors of src/main/c. Made by {@link LinuxHost}, whose roots it works in. */
public final class LinuxJobProcesses implements JobProcesses, AutoCloseable {
  /** SIGRTMIN as the C library counts; its value is the signal that is meant. */
  private static final int FORWARD = 34;

  private static final String EXIT_RECORD = "exit";
  private static final int LARGEST_RECORD = 1024;

  private final Roots roots;
  private final JobRoots jobRoots;
  private final Processes processes;
  private final JobCgroups cgroups;
  private final Once<Means> means;
  private final Once<EndWatch> ends;

  /** What the first job needs and no daemon without jobs. */
  private record Means(Descriptor shim, Descriptor seed, Optional<byte[]> filter) {}

  LinuxJobProcesses(
      Roots roots, JobRoots jobRoots, Processes processes, Path shimDirectory, JobCgroups cgroups) {
    this.roots = roots;
    this.jobRoots = jobRoots;
    this.processes = processes;
    this.cgroups = cgroups;
    this.means = new Once<>(() -> means(shimDirectory));
    this.ends = new Once<>(() -> new EndWatch(processes));
  }

  private Means means(Path shimDirectory) {
    Descriptor shim = ShimProgram.mountForReading(ShimProgram.install(shimDirectory));
    Descriptor seed =
        SeedNamespace.make(ShimProgram.pathIn(shim), roots.path(ManagedRoot.JOBS), processes);
    return new Means(shim, seed, SeccompFilter.build());
  }

  @Override
  public Supervisor supervise(boolean ownNetwork) {
    return Failures.named("start a supervisor", "", () -> start(ownNetwork));
  }

  private JobSupervisor start(boolean ownNetwork) {
    Means with = means.get();
    Descriptor[] control = SocketPair.make();
    Descriptor[] report = Syscalls.pipe();
    try (Descriptor control0 = control[0];
        Descriptor report1 = report[1];
        Descriptor nothing = Syscalls.open("/dev/null", Syscalls.O_RDWR)) {
      long pid =
          Spawn.start(
              ShimProgram.pathIn(with.shim()),
              List.of("joblet-shim", ownNetwork ? "own-network" : "host-network"),
              List.of(control0, report1, nothing));
      ProcessIdentity identity = processes.identify(pid).orElseThrow();
      PidDescriptor held = PidDescriptor.open(identity, processes).orElseThrow();
      return new JobSupervisor(
          identity,
          held,
          control[1],
          report[0],
          warnings(with),
          (process, itsControl) -> hand(process, itsControl, with));
    } catch (RuntimeException e) {
      // Nobody else has them: the end of the first tells a supervisor to end.
      control[1].close();
      report[0].close();
      throw e;
    }
  }

  /** What the supervisor needs of the job, in the order of src/main/c/shim.h. */
  private void hand(JobProcess process, Descriptor control, Means with) {
    try (Entrances entrances = cgroups.entrances(process.job());
        Descriptor state = stateDirectory(process.job());
        Descriptor root = jobRoots.open(process.directory());
        Descriptor tree = MountCalls.cloneTree(root)) {
      MountCalls.makeSlaves(tree);
      List<Descriptor> given = new ArrayList<>(List.of(tree, with.seed(), state));
      given.addAll(entrances.all());
      SocketPair.send(
          control,
          ShimConfiguration.of(process, with.filter().orElse(new byte[0]), entrances),
          given);
    }
  }

  private static List<String> warnings(Means with) {
    return with.filter().isPresent()
        ? List.of()
        : List.of("no seccomp filter: libseccomp.so.2 is not installed");
  }

  @Override
  public void onEnd(ProcessIdentity supervisor, Runnable ended) {
    ends.get().add(supervisor, ended);
  }

  @Override
  public boolean signal(ProcessIdentity supervisor, int number) {
    return Failures.named(
        "signal supervisor",
        Long.toString(supervisor.pid()),
        () -> {
          try (PidDescriptor process = PidDescriptor.open(supervisor, processes).orElse(null)) {
            return process != null && process.send(FORWARD, number);
          }
        });
  }

  @Override
  public void killAll(UUID job) {
    Failures.named(
        "kill job",
        job.toString(),
        () -> {
          cgroups.killAll(job);
          return null;
        });
  }

  @Override
  public Optional<Ending> ending(UUID job) {
    byte[] record = new byte[LARGEST_RECORD];
    try (Descriptor state = stateDirectory(job);
        Descriptor file =
            Beneath.open(
                state, EXIT_RECORD, Syscalls.O_RDONLY | Syscalls.O_NOFOLLOW, Beneath.Mounts.STAY)) {
      int length = Syscalls.pread(file.fd(), record, 0);
      return ExitRecord.parse(new String(record, 0, length, StandardCharsets.UTF_8));
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw new HostException("cannot read how job " + job + " ended: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<JobLog> log(UUID job, boolean lossless) {
    return Failures.named(
        "read the log of",
        job.toString(),
        () -> {
          try (Place place = roots.place(state(job))) {
            return place
                .status()
                .map(there -> new LogReader(place.openDirectoryForUse(), lossless));
          }
        });
  }

  @Override
  public void forget(UUID job) {
    Failures.named(
        "forget job",
        job.toString(),
        () -> {
          new TreePurge(roots).purge(state(job));
          return null;
        });
  }

  @Override
  public Set<UUID> remembered() {
    Set<UUID> jobs = new HashSet<>();
    for (String name : new Looks(roots).list(ManagedRoot.RUNS, "")) {
      // What is no id nobody's job left; whoever put it there may keep it.
      JobIds.parse(name).ifPresent(jobs::add);
    }
    return jobs;
  }

  private static ManagedPath state(UUID job) {
    return ManagedPath.of(ManagedRoot.RUNS, job.toString());
  }

  private Descriptor stateDirectory(UUID job) {
    try (Place place = roots.place(state(job))) {
      return place.openDirectoryForUse();
    }
  }

  /** Jobs go on; nobody is told any more when they end. */
  @Override
  public void close() {
    ends.ifMade().ifPresent(EndWatch::close);
    means
        .ifMade()
        .ifPresent(made -> {
          made.seed().close();
          made.shim().close();
        });
  }
}
