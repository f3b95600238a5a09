package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  /** Whoever comes first locks what is there before the mount, which later nobody sees. */
  @Test
  void refusesAPoolThatAnotherIsAboutToMakeAndMakesNothing() throws Exception {
    Path place = Files.createDirectory(fixture.directory().resolve("first-start"));
    LinuxHostSettings first = fixture.settingsBelow(place, "auto");
    for (Path contended : List.of(first.volumesDirectory(), first.poolImage().getParent())) {
      Files.createDirectories(contended);
      Process holder =
          fixture.start("flock", contended.toString(), "sh", "-c", "echo in; exec sleep 600");
      assertThat(holder.inputReader().readLine()).isEqualTo("in");

      assertThatThrownBy(() -> LinuxHost.open(first))
          .isInstanceOf(HostException.class)
          .hasMessageContaining("another daemon")
          .hasMessageContaining(contended.toString());
      assertThat(first.poolImage()).doesNotExist();
      assertThat(first.volumesDirectory()).isEmptyDirectory();
      assertThat(MountTable.below(MountTable.read(), place.toString())).isEmpty();
      holder.descendants().forEach(ProcessHandle::destroyForcibly);
      holder.destroyForcibly();
      holder.waitFor();
    }
  }

  @Test
  void keepsItsClaimOnWhatItsOwnMountHides() {
    LinuxHostSettings ours = fixture.settings();
    Shell.ok("umount", "--lazy", ours.volumesDirectory().toString());

    assertThatThrownBy(() -> LinuxHost.open(withAnotherRunDirectory(ours)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("another run directory");
  }

  private static LinuxHostSettings withAnotherRunDirectory(LinuxHostSettings ours) {
    return new LinuxHostSettings(
        ours.volumesDirectory(),
        ours.jobsDirectory(),
        ours.poolImage(),
        ours.poolImageBytes(),
        ours.providerChoice(),
        ours.stateDirectory(),
        ours.helperTimeout(),
        ours.runDirectory().resolveSibling("another-run"),
        ours.etcDirectory());
  }

  @Test
  void refusesASecondDaemonThatHasAnotherRunDirectory() {
    LinuxHostSettings ours = fixture.settings();
    LinuxHostSettings other = withAnotherRunDirectory(ours);

    assertThatThrownBy(() -> LinuxHost.open(other))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("another run directory")
        .hasMessageContaining(ours.volumesDirectory().toString());
  }
}
