package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolLockTest {
  private final HostFixture fixture = HostFixture.open("directory");
  private final Path file = fixture.settings().runDirectory().resolve("storage.lock");

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void refusesASecondHolderAndNamesTheFirst() {
    assertThatThrownBy(() -> PoolLock.acquire(fixture.settings().runDirectory()))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("pid " + ProcessHandle.current().pid());
  }

  @Test
  void refusesWhileAnotherProcessHoldsItAndNotAfterThatIsKilled() throws Exception {
    fixture.host().close();
    Process holder =
        fixture.start(
            "flock",
            file.toString(),
            "sh",
            "-c",
            "echo $$ > '" + file + "'; echo in; exec sleep 600");
    assertThat(holder.inputReader().readLine()).isEqualTo("in");
    String pid = Files.readString(file).strip();
    assertThatThrownBy(fixture::reopen)
        .isInstanceOf(HostException.class)
        .hasMessageContaining("pid " + pid);
    holder.descendants().forEach(ProcessHandle::destroyForcibly);
    holder.destroyForcibly();
    holder.waitFor();
    Eventually.isTrue(
        "the kernel releases a dead holder's lock",
        () -> !ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false));
    fixture.reopen();
    assertThat(Files.readString(file).strip())
        .isEqualTo(Long.toString(ProcessHandle.current().pid()));
  }

  @Test
  void locksTheFileThatHasTheNameNow() throws Exception {
    fixture.host().close();
    try (PoolLock first = PoolLock.acquire(fixture.settings().runDirectory())) {
      Files.delete(file);
      try (PoolLock second = PoolLock.acquire(fixture.settings().runDirectory())) {
        assertThat(second).isNotSameAs(first);
        assertThatThrownBy(() -> PoolLock.acquire(fixture.settings().runDirectory()))
            .isInstanceOf(HostException.class);
      }
    }
  }

  @Test
  void refusesALockFileOfSomebodyElse() {
    fixture.host().close();
    Shell.ok("chown", "65534", file.toString());
    assertThatThrownBy(() -> PoolLock.acquire(fixture.settings().runDirectory()))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("root");
  }

  @Test
  void refusesASecondDaemonThatHasAnotherRunDirectory() {
    LinuxHostSettings ours = fixture.settings();
    LinuxHostSettings other =
        new LinuxHostSettings(
            ours.volumesDirectory(),
            ours.jobsDirectory(),
            ours.poolImage(),
            ours.poolImageBytes(),
            ours.providerChoice(),
            ours.helperTimeout(),
            ours.runDirectory().resolveSibling("another-run"));

    assertThatThrownBy(() -> LinuxHost.open(other))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("another run directory")
        .hasMessageContaining(ours.volumesDirectory().toString());
  }
}
