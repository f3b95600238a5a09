package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.Capabilities;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.ManagedRoot;
import java.nio.file.Path;
import java.util.Optional;

/** What {@link LinuxHost} is made of while it is open. */
final class OpenHost implements AutoCloseable {
  /** For containers, whose mount namespace is private by nature and outlives the daemon. */
  static final String ALLOW_PRIVATE_NAMESPACE = "joblet.allow-private-mount-namespace";

  private final PoolLock lock;
  private final PoolClaim claim;
  private final Roots roots;
  private final Capabilities capabilities;
  private final Optional<Steps.Pool> pool;
  private final Steps steps;
  private final Looks looks;
  private final SmallFiles files;
  private final Holders holders;
  private final Marker marker;
  private final Processes processes = new Processes();
  private final LinuxJobProcesses jobs;
  private final Steps.JobControl control;

  private OpenHost(
      PoolLock lock, PoolClaim claim, Roots roots, LinuxHostSettings settings, String noBtrfs) {
    this.lock = lock;
    this.claim = claim;
    this.roots = roots;
    Descriptor volumes = roots.descriptor(ManagedRoot.VOLUMES);
    HelperProgram helper = new HelperProgram(settings.helperTimeout());
    Optional<String> refusal =
        noBtrfs.isEmpty() ? SimpleQuota.enable(volumes) : Optional.of(noBtrfs);
    if (refusal.isPresent() && settings.insistsOnPool()) {
      throw new HostException("btrfs was asked for, but " + refusal.get(), "EOPNOTSUPP");
    }
    this.pool = refusal.isPresent() ? Optional.empty() : Optional.of(pool(roots));
    this.capabilities = new Capabilities(pool.isPresent(), Images.available(), refusal.orElse(""));
    Pins pins = new Pins();
    Elsewhere elsewhere = new Elsewhere(roots, pins);
    Unmounts unmounts = new Unmounts(roots, pins, elsewhere);
    Syncs syncs = new Syncs(roots);
    JobRoots jobRoots =
        new JobRoots(
            roots,
            unmounts,
            new Once<>(
                () -> JobBase.make(settings.jobsDirectory(), settings.etcDirectory(), helper)));
    this.control = jobControl(roots, settings.cgroupName(), processes);
    this.steps =
        new Steps(
            roots, unmounts, syncs, new Images(roots, unmounts, helper), pool, jobRoots, control);
    this.jobs =
        new LinuxJobProcesses(
            roots, jobRoots, processes, settings.shimDirectory(), control.cgroups());
    this.looks = new Looks(roots);
    this.files = new SmallFiles(roots);
    this.holders = new Holders(roots, looks, pins, elsewhere);
    this.marker = new Marker(volumes);
  }

  static OpenHost open(LinuxHostSettings settings) {
    if (Syscalls.effectiveUid() != 0) {
      throw new HostException("the daemon must run as root", "EPERM");
    }
    refusePrivateNamespace();
    RootDirectories.make(settings.runDirectory());
    PoolLock lock = PoolLock.acquire(settings.runDirectory());
    try {
      PoolClaim claim = PoolClaim.begin(settings);
      try {
        return open(settings, lock, claim);
      } catch (RuntimeException e) {
        claim.close();
        throw e;
      }
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static OpenHost open(LinuxHostSettings settings, PoolLock lock, PoolClaim claim) {
    PoolImage image =
        new PoolImage(
            settings.poolImage(),
            settings.poolImageBytes(),
            new HelperProgram(settings.helperTimeout()));
    String noBtrfs = new Preparation(settings, image, claim).run().orElse("");
    claim.addIfNew(settings.volumesDirectory());
    Roots roots =
        Roots.open(settings.volumesDirectory(), settings.jobsDirectory(), settings.runsDirectory());
    try {
      return new OpenHost(lock, claim, roots, settings, noBtrfs);
    } catch (RuntimeException e) {
      roots.close();
      throw e;
    }
  }

  private static Steps.JobControl jobControl(Roots roots, String name, Processes processes) {
    JobCgroups cgroups = new JobCgroups(name, processes);
    return new Steps.JobControl(cgroups, new JobIo(roots, cgroups));
  }

  private static Steps.Pool pool(Roots roots) {
    Qgroups qgroups = new Qgroups(roots.descriptor(ManagedRoot.VOLUMES));
    return new Steps.Pool(qgroups, new Subvolumes(roots, qgroups));
  }

  /** Mounts made in one, such as a service's with PrivateTmp, would be seen by nobody else. */
  private static void refusePrivateNamespace() {
    if (Boolean.getBoolean(ALLOW_PRIVATE_NAMESPACE)) {
      return;
    }
    Optional<String> first = Namespaces.of("1");
    if (first.isPresent() && !first.equals(Namespaces.of("thread-self"))) {
      throw new HostException(
          "the daemon runs in a mount namespace of its own, so nobody would see its mounts; "
              + "start it without PrivateTmp and the like, or, where that is meant, with -D"
              + ALLOW_PRIVATE_NAMESPACE
              + "=true",
          "EPERM");
    }
  }

  Roots roots() {
    return roots;
  }

  Capabilities capabilities() {
    return capabilities;
  }

  Optional<Steps.Pool> pool() {
    return pool;
  }

  Steps steps() {
    return steps;
  }

  Looks looks() {
    return looks;
  }

  SmallFiles files() {
    return files;
  }

  Holders holders() {
    return holders;
  }

  Marker marker() {
    return marker;
  }

  Steps.JobControl control() {
    return control;
  }

  LinuxJobProcesses jobs() {
    return jobs;
  }

  Processes processes() {
    return processes;
  }

  /** The lock is given back last, so that nobody mounts while this one unmounts. */
  void release(LinuxHostSettings settings) {
    PoolImage image =
        new PoolImage(
            settings.poolImage(),
            settings.poolImageBytes(),
            new HelperProgram(settings.helperTimeout()));
    boolean imageMounted = image.isMountedAt(roots.descriptor(ManagedRoot.VOLUMES));
    Path jobsDirectory = settings.jobsDirectory();
    PrivateRoot.refuseMountsBelow(jobsDirectory, jobsDirectory.resolve(JobBase.NAME));
    PrivateRoot.refuseMountsBelow(settings.volumesDirectory(), settings.volumesDirectory());
    jobs.close();
    control.cgroups().close();
    roots.close();
    claim.close();
    try {
      JobBase.release(jobsDirectory);
      PrivateRoot.release(jobsDirectory, false);
      PrivateRoot.release(settings.volumesDirectory(), imageMounted);
    } finally {
      lock.close();
    }
  }

  @Override
  public void close() {
    jobs.close();
    control.cgroups().close();
    roots.close();
    claim.close();
    lock.close();
  }
}
