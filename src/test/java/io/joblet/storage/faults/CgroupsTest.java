package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of this package leave on the host. */
class CgroupsTest {
  @TempDir Path directory;

  @Test
  void anInstallationThatIsClosedTakesItsOwnAwayAndTheProcessesInThem() throws Exception {
    Installation installation = new Installation(directory);
    Process inside = new ProcessBuilder("sleep", "3600").start();
    try {
      for (Path hierarchy : Cgroups.hierarchies()) {
        Path home = hierarchy.resolve(Cgroups.name(installation.volumes()));
        Files.createDirectories(home.resolve("job"));
        if (hierarchy.endsWith("pids")) {
          Files.writeString(home.resolve("job/cgroup.procs"), Long.toString(inside.pid()));
        }
      }
      assertThat(Cgroups.homes(installation.volumes())).isNotEmpty();

      installation.close();

      assertThat(Cgroups.homes(installation.volumes())).isEmpty();
    } finally {
      inside.destroyForcibly();
    }
  }
}
