package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.JobLimits;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.host.Pin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A real Linux host. {@link #open} prepares the two roots and holds the lock of the run directory;
 * {@link #close} lets go of descriptors and lock and leaves everything mounted, since volumes
 * outlive the daemon. {@link #release} takes the roots' own mounts away as well, for an uninstall.
 *
 * <p>Calls block in the kernel and belong on platform threads. After {@code close} every call fails
 * with {@link IllegalStateException}.
 */
public final class LinuxHost implements Host, AutoCloseable {
  private final LinuxHostSettings settings;
  private final OpenHost open;
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();

  private LinuxHost(LinuxHostSettings settings, OpenHost open) {
    this.settings = settings;
    this.open = open;
  }

  /**
   * Prepares the host, whatever a former life of the daemon left half done.
   *
   * @throws HostException when not root, in a private mount namespace, when another daemon runs, or
   *     when a pool that was asked for or that holds volumes cannot be had
   */
  public static LinuxHost open(LinuxHostSettings settings) {
    return new LinuxHost(settings, Failures.named("open host", "", () -> OpenHost.open(settings)));
  }

  @Override
  public void apply(HostOperation operation) {
    ask(
        operation.kind(),
        Subject.of(operation),
        () -> {
          open.steps().apply(operation);
          return null;
        });
  }

  @Override
  public void undo(HostOperation operation) {
    ask(
        "undo " + operation.kind(),
        Subject.of(operation),
        () -> {
          open.steps().undo(operation);
          return null;
        });
  }

  @Override
  public Capabilities capabilities() {
    return open.capabilities();
  }

  @Override
  public String bootId() {
    return open.processes().bootId();
  }

  @Override
  public Space space(ManagedRoot root) {
    return ask("space", root.toString(), () -> open.roots().descriptor(root).fileSystem().space());
  }

  @Override
  public Set<String> list(ManagedRoot root, String directory) {
    return ask("list", root + ":" + directory, () -> open.looks().list(root, directory));
  }

  @Override
  public Map<String, Long> checksums(ManagedRoot root, String directory, int atMost) {
    return ask(
        "read", root + ":" + directory, () -> open.files().checksums(root, directory, atMost));
  }

  @Override
  public Optional<byte[]> read(ManagedPath path, int atMost) {
    return ask("read", path.toString(), () -> open.files().read(path, atMost));
  }

  @Override
  public boolean exists(ManagedPath path) {
    return ask("look at", path.toString(), () -> open.looks().exists(path));
  }

  @Override
  public Optional<Long> fileSize(ManagedPath path) {
    return ask(
        "look at",
        path.toString(),
        () -> open.looks().status(path).filter(FileStatus::isRegular).map(FileStatus::size));
  }

  @Override
  public boolean isExt4(ManagedPath path) {
    return ask("look into", path.toString(), () -> open.looks().isExt4(path));
  }

  @Override
  public boolean wasUsed(ManagedPath path) {
    return ask("look into", path.toString(), () -> open.looks().wasUsed(path));
  }

  @Override
  public Optional<Top> top(ManagedPath path) {
    return ask("look into", path.toString(), () -> open.looks().top(path));
  }

  @Override
  public Optional<Long> qgroupOf(ManagedPath path) {
    return ask(
        "look at", path.toString(), () -> open.pool().flatMap(p -> p.subvolumes().groupOf(path)));
  }

  @Override
  public boolean isSubvolume(ManagedPath path) {
    // Also where no pool could be used at the start: its volumes are there all the same.
    return ask("look at", path.toString(), () -> Subvolumes.is(open.roots(), path));
  }

  @Override
  public List<MountEntry> mounts() {
    return ask("list mounts", "", () -> open.looks().mounts());
  }

  @Override
  public Optional<Space> mountedSpace(ManagedPath path) {
    return ask("space", path.toString(), () -> open.looks().mountedSpace(path));
  }

  @Override
  public List<Qgroup> qgroups() {
    return ask(
        "list quota groups",
        "",
        () -> open.pool().map(pool -> pool.qgroups().all()).orElse(List.of()));
  }

  @Override
  public Quotas quotas() {
    return ask(
        "look at quotas",
        "",
        () -> open.pool().map(pool -> pool.qgroups().quotas()).orElse(Quotas.ON));
  }

  @Override
  public Optional<Qgroup> qgroup(long id) {
    return ask(
        "look at quota group", "1/" + id, () -> open.pool().flatMap(p -> p.qgroups().one(id)));
  }

  @Override
  public List<LoopDevice> loopDevices() {
    String volumes = settings.volumesDirectory().toString();
    return LoopDevices.all().stream()
        .filter(device -> MountTable.isAtOrBelow(device.backingFile(), volumes))
        .toList();
  }

  @Override
  public List<Pin> pinnedBy(ManagedPath path) {
    return ask("look for users of", path.toString(), () -> open.holders().of(path));
  }

  @Override
  public List<Pin> shownElsewhere(ManagedPath path) {
    return ask("look for mounts of", path.toString(), () -> open.holders().elsewhere(path));
  }

  @Override
  public Optional<ProcessIdentity> process(long pid) {
    return open.processes().identify(pid);
  }

  @Override
  public boolean alive(ProcessIdentity process) {
    return open.processes().alive(process);
  }

  @Override
  public Set<UUID> jobCgroups() {
    return ask("list cgroups", "", () -> open.control().cgroups().all());
  }

  @Override
  public List<String> unenforced(JobLimits limits) {
    return ask("look at cgroups", "", () -> open.control().cgroups().unenforced(limits));
  }

  @Override
  public List<String> unenforced(ManagedPath volume, IoLimits limits) {
    return ask(
        "look for the disk of",
        volume.toString(),
        () -> open.control().io().unenforced(volume, limits));
  }

  @Override
  public boolean hasUsualUserland() {
    return Userland.hostIsSuitable();
  }

  @Override
  public Optional<UUID> installation() {
    return ask("read marker", "", () -> open.marker().read());
  }

  @Override
  public void markInstallation(UUID installationId) {
    ask(
        "write marker",
        installationId.toString(),
        () -> {
          open.marker().write(installationId);
          return null;
        });
  }

  @Override
  public void replaceInstallation(UUID former, UUID installationId) {
    ask(
        "replace marker",
        former + " by " + installationId,
        () -> {
          open.marker().replace(former, installationId);
          return null;
        });
  }

  /** Processes of jobs in the file systems of this host; closed with it. */
  public LinuxJobProcesses jobs() {
    return open.jobs();
  }

  @Override
  public String display(ManagedPath path) {
    return open.roots().path(path).toString();
  }

  /**
   * Waits for calls under way, closes descriptors and gives the lock back; unmounts nothing. A
   * second call does nothing.
   */
  @Override
  public void close() {
    inUse.writeLock().lock();
    try {
      open.close();
    } finally {
      inUse.writeLock().unlock();
    }
  }

  /**
   * Unmounts the two roots where this daemon mounted them, and closes. The pool image and all in it
   * stay as files.
   *
   * @throws HostException and leaves both roots as they are when anything is mounted below them
   */
  public void release() {
    inUse.writeLock().lock();
    try {
      Failures.named(
          "release",
          settings.volumesDirectory() + " and " + settings.jobsDirectory(),
          () -> {
            open.release(settings);
            return null;
          });
    } finally {
      inUse.writeLock().unlock();
    }
  }

  /** Keeps descriptors open for as long as somebody uses them. */
  private <T> T ask(String operation, String subject, Supplier<T> action) {
    inUse.readLock().lock();
    try {
      return Failures.named(operation, subject, action);
    } finally {
      inUse.readLock().unlock();
    }
  }
}
