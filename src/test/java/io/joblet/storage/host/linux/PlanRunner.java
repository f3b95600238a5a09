package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.LimitJobIo;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MakeImage;
import io.joblet.storage.host.HostOperation.MakeJobCgroup;
import io.joblet.storage.host.HostOperation.MakeQgroup;
import io.joblet.storage.host.HostOperation.MakeSubvolume;
import io.joblet.storage.host.HostOperation.MountImage;
import io.joblet.storage.host.HostOperation.MountTmpfs;
import io.joblet.storage.host.HostOperation.SetOwnership;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.HostTransaction;
import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.JobLimits;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * A daemon of one plan, forward and backward, to be killed anywhere. Its argument: a directory. It
 * says which thread it works in, and begins when it is told to by a line.
 */
final class PlanRunner {
  static final UUID JOB = new UUID(0, 1);

  /** Before the number of the thread, as the kernel counts. */
  static final String READY = "ready ";

  private static final String[] KINDS = {"subvolume", "memory", "image"};

  private PlanRunner() {}

  public static void main(String[] arguments) throws IOException {
    Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
    System.out.println(READY + self.getFileName());
    if (System.in.read() != '\n') {
      throw new IOException("nobody traces this");
    }
    Path parent = Path.of(arguments[0]);
    LinuxHostSettings settings =
        new LinuxHostSettings(
            parent.resolve("volumes"),
            parent.resolve("jobs"),
            parent.resolve("pool.btrfs"),
            HostFixture.POOL_BYTES,
            "btrfs",
            parent.resolve("state"),
            Duration.ofSeconds(60),
            parent.resolve("run"),
            Path.of("/etc"));
    try (LinuxHost host = LinuxHost.open(settings)) {
      HostTransaction transaction = new HostTransaction(host);
      HostPlan plan = arguments.length > 1 ? limits() : plan();
      transaction.apply(plan);
      transaction.undo(plan);
    }
  }

  /** One volume of each kind, bound into a job. */
  static HostPlan plan() {
    HostPlan all =
        HostPlan.of(
            new MakeDirectory(job("j"), 0700),
            new MakeQgroup(7, 1 << 20),
            new MakeSubvolume(volume("subvolume"), 7),
            new SetOwnership(volume("subvolume"), 65534, 65534, 0700),
            new MakeDirectory(volume("memory"), 0700),
            new MountTmpfs(volume("memory"), 1 << 20, 100, 65534, 65534, 0700),
            new MakeDirectory(volume("image"), 0700),
            new MakeImage(volume(".images/i.ext4"), 8 << 20, 0, 65534, 65534, 0700),
            new MountImage(volume(".images/i.ext4"), volume("image")));
    for (String kind : KINDS) {
      HostOperation directory = new MakeDirectory(job("j/" + kind), 0700);
      all = all.then(HostPlan.of(directory, new BindMount(volume(kind), job("j/" + kind), true)));
    }
    return all;
  }

  /** A job's cgroup and its limits on two volumes of one disk. */
  static HostPlan limits() {
    IoLimits limits = new IoLimits(1 << 20, 0, 0, 10);
    return HostPlan.of(
        new MakeQgroup(7, 1 << 20),
        new MakeSubvolume(volume("one"), 7),
        new MakeSubvolume(volume("two"), 7),
        new MakeJobCgroup(JOB, new JobLimits(10, 1 << 20)),
        new LimitJobIo(JOB, new UUID(0, 1), volume("one"), limits),
        new LimitJobIo(JOB, new UUID(0, 2), volume("two"), limits));
  }

  private static ManagedPath volume(String name) {
    return ManagedPath.of(ManagedRoot.VOLUMES, name);
  }

  private static ManagedPath job(String name) {
    return ManagedPath.of(ManagedRoot.JOBS, name);
  }
}
