package io.joblet.storage.host.linux;

import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * A real host in a temporary directory: its own roots, a small pool image and a lock. Closing it
 * ends the processes started through it, unmounts whatever is left below its directory and deletes
 * it, also when the test failed half way; nothing else of the machine is touched.
 */
public final class HostFixture implements AutoCloseable {
  /** Room for a handful of small volumes. */
  public static final long POOL_BYTES = 256L << 20;

  private final Path directory;
  private LinuxHostSettings settings;
  private final List<Process> processes = new ArrayList<>();
  private LinuxHost host;

  private HostFixture(String provider) {
    try {
      directory = Files.createTempDirectory("joblet-host-").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    settings = settingsBelow(directory, provider);
  }

  /** A host with a btrfs pool. */
  public static HostFixture open() {
    return open("btrfs");
  }

  /** A host with the given choice of provider: auto, btrfs, loop or directory. */
  public static HostFixture open(String provider) {
    HostFixture fixture = new HostFixture(provider);
    try {
      fixture.host = LinuxHost.open(fixture.settings);
      return fixture;
    } catch (RuntimeException e) {
      fixture.close();
      throw e;
    }
  }

  public LinuxHost host() {
    return host;
  }

  public LinuxHostSettings settings() {
    return settings;
  }

  /** Holds roots, pool image and run directory; mode 0700. */
  public Path directory() {
    return directory;
  }

  /** Lets go of the host as a killed daemon would, and opens it again. */
  public LinuxHost reopen() {
    host.close();
    host = LinuxHost.open(settings);
    return host;
  }

  /** The same with another choice of provider. */
  public LinuxHost reopenAs(String provider) {
    settings = settingsBelow(directory, provider);
    return reopen();
  }

  /** Settings of a host that lies below {@code parent} altogether. */
  public LinuxHostSettings settingsBelow(Path parent, String provider) {
    return new LinuxHostSettings(
        parent.resolve("volumes"),
        parent.resolve("jobs"),
        parent.resolve("pool.btrfs"),
        POOL_BYTES,
        provider,
        parent.resolve("state"),
        Duration.ofSeconds(60),
        parent.resolve("run"),
        Path.of("/etc"));
  }

  public ManagedPath volume(String name) {
    return ManagedPath.of(ManagedRoot.VOLUMES, name);
  }

  public ManagedPath job(String relative) {
    return ManagedPath.of(ManagedRoot.JOBS, relative);
  }

  public Path real(ManagedPath path) {
    return (path.root() == ManagedRoot.VOLUMES
            ? settings.volumesDirectory()
            : settings.jobsDirectory())
        .resolve(path.relative());
  }

  /** A process that {@link #close} ends. */
  public Process start(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.PIPE)
              .start();
      processes.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Lets unprivileged users reach the volumes, as jobs do through their bind mounts. The roots
   * themselves stay 0700 otherwise.
   */
  public void letOthersThrough() {
    Shell.ok("chmod", "711", directory.toString());
    Shell.ok("chmod", "711", settings.volumesDirectory().toString());
    Shell.ok("chmod", "711", settings.jobsDirectory().toString());
  }

  @Override
  public void close() {
    processes.forEach(HostFixture::end);
    if (host != null) {
      host.close();
    }
    new TestCgroups(settings).clear();
    unmountEverything();
    deleteDirectory();
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Deepest first, and independent of the code under test. A loop device lets go of its file, and
   * by that of what the file is on, a while after it was unmounted.
   */
  private void unmountEverything() {
    Eventually.isTrue(
        "nothing is mounted below " + directory,
        () -> {
          targets().forEach(target -> Shell.run("umount", target.toString()));
          return targets().isEmpty();
        });
  }

  private List<Path> targets() {
    return MountTable.below(MountTable.read(), directory.toString()).stream()
        .map(mount -> Path.of(mount.target()))
        .sorted(Comparator.comparing(Path::getNameCount).reversed())
        .toList();
  }

  private void deleteDirectory() {
    Shell.run("chattr", "-R", "-i", "-a", directory.toString());
    Shell.Result result = Shell.run("rm", "-rf", "--one-file-system", directory.toString());
    if (result.exit() != 0) {
      throw new IllegalStateException(result.output());
    }
  }

  /** An id as volumes have it. */
  public static String newId() {
    return UUID.randomUUID().toString();
  }
}
