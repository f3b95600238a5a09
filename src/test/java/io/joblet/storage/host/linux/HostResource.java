package io.joblet.storage.host.linux;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One real host for all Quarkus tests of a run, in a temporary directory: roots, a small pool image
 * and a lock. Sweeps run only when a test asks for one. {@code @WithTestResource(value =
 * HostResource.class, scope = TestResourceScope.GLOBAL)}.
 */
public final class HostResource implements QuarkusTestResourceLifecycleManager {
  private Path directory;

  @Override
  public Map<String, String> start() {
    try {
      directory = Files.createTempDirectory("joblet-service-").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("joblet.node", "under-test");
    settings.put("joblet.state-directory", directory.resolve("state").toString());
    settings.put("joblet.volumes-directory", directory.resolve("state/volumes").toString());
    settings.put("joblet.jobs-directory", directory.resolve("jobs").toString());
    settings.put("joblet.run-directory", directory.resolve("run").toString());
    settings.put("joblet.socket", directory.resolve("run/s").toString());
    settings.put("joblet.pool.size", "512MiB");
    settings.put("joblet.pool.reserve", "32MiB");
    settings.put("joblet.pool.max-overcommit", "4");
    settings.put("joblet.memory.budget", "64MiB");
    settings.put("joblet.job.tmp-size", "1MiB");
    settings.put("joblet.job.shm-size", "1MiB");
    settings.put("joblet.trash.retention", "1s");
    settings.put("joblet.sweep.interval", "24h");
    settings.put("joblet.sweep.settle-interval", "24h");
    settings.put("joblet.usage.interval", "24h");
    return settings;
  }

  /** Independent of the code under test, and of how far it came. */
  @Override
  public void stop() {
    if (directory == null) {
      return;
    }
    for (int round = 0; round < 50 && !targets().isEmpty(); round++) {
      targets().forEach(target -> Shell.run("umount", target.toString()));
    }
    Shell.ok("rm", "-rf", "--one-file-system", directory.toString());
  }

  private List<Path> targets() {
    return MountTable.below(MountTable.read(), directory.toString()).stream()
        .map(mount -> Path.of(mount.target()))
        .sorted(Comparator.comparing(Path::getNameCount).reversed())
        .toList();
  }
}
