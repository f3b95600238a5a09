package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.LimitTmpfs;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MountTmpfs;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.host.ObstacleException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TmpfsTest {
  private static final long SIZE = 1 << 20;
  private static final long INODES = 50;

  private final HostFixture fixture = HostFixture.open("directory");
  private final LinuxHost host = fixture.host();
  private final ManagedPath target = fixture.volume("m");
  private final MountTmpfs mount = new MountTmpfs(target, SIZE, INODES, 65534, 65534, 0700);

  @BeforeEach
  void makeTarget() {
    host.apply(new MakeDirectory(target, 0700));
    fixture.letOthersThrough();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<MountEntry> mounted() {
    return host.mounts().stream()
        .filter(m -> m.target().equals(fixture.real(target).toString()))
        .toList();
  }

  @Test
  void mountsOnceAndUnmountsOnce() {
    host.apply(mount);
    host.apply(mount);
    assertThat(mounted()).hasSize(1);
    assertThat(mounted().getFirst().options()).contains("nosuid", "nodev");
    host.undo(mount);
    host.undo(mount);
    assertThat(mounted()).isEmpty();
    assertThat(host.mountedSpace(target)).isEmpty();
  }

  @Test
  void holdsAWriterToBytesAndInodes() {
    host.apply(mount);
    String top = fixture.real(target).toString();
    assertThat(Shell.asNobody("dd if=/dev/zero of=" + top + "/large bs=64k count=32").output())
        .contains("No space left on device");
    Shell.ok("rm", top + "/large");
    Shell.Result many =
        Shell.asNobody("cd " + top + "; for i in $(seq 60); do touch f$i || exit 3; done");
    assertThat(many.exit()).isEqualTo(3);
    assertThat(many.output()).contains("No space left on device");
  }

  @Test
  void refusesAMountWithoutLimits() {
    assertThatThrownBy(() -> host.apply(new MountTmpfs(target, 0, INODES, 0, 0, 0700)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("size above 0");
    assertThatThrownBy(() -> host.apply(new MountTmpfs(target, SIZE, 0, 0, 0, 0700)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("inode limit above 0");
    assertThat(mounted()).isEmpty();
  }

  @Test
  void changesALimitWhileMountedAndTakesTheChangeBack() {
    LimitTmpfs larger = new LimitTmpfs(target, 2 * SIZE, SIZE, INODES);
    host.apply(mount);
    host.apply(larger);
    assertThat(host.mountedSpace(target).orElseThrow().sizeBytes()).isEqualTo(2 * SIZE);
    host.undo(larger);
    assertThat(host.mountedSpace(target).orElseThrow().sizeBytes()).isEqualTo(SIZE);
    assertThat(mounted().getFirst().options()).contains("nosuid", "nodev", "rw");
  }

  @Test
  void refusesALimitBelowWhatIsUsed() {
    host.apply(mount);
    Shell.ok("dd", "if=/dev/zero", "of=" + fixture.real(target) + "/f", "bs=1k", "count=512");
    assertThatThrownBy(() -> host.apply(new LimitTmpfs(target, 4096, SIZE, INODES)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("EINVAL");
    assertThat(host.mountedSpace(target).orElseThrow().sizeBytes()).isEqualTo(SIZE);
  }

  @Test
  void changesNothingWhereNothingIsMounted() {
    host.apply(new LimitTmpfs(target, 2 * SIZE, SIZE, INODES));
    assertThat(mounted()).isEmpty();
  }

  @Test
  void reportsAForeignMountAndLeavesIt() {
    Shell.ok("mount", "--bind", "/usr/share", fixture.real(target).toString());
    assertThatThrownBy(() -> host.apply(mount))
        .isInstanceOf(ObstacleException.class)
        .hasMessageContaining("/usr/share) is mounted at");
    assertThatThrownBy(() -> host.undo(mount))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("not ours");
    assertThat(mounted()).hasSize(1);
  }

  @Test
  void undoesABindWhoseMemoryVolumeSomebodyUnmounted() {
    BindMount bind = new BindMount(target, fixture.job("d"), false);
    host.apply(mount);
    host.apply(new MakeDirectory(fixture.job("d"), 0700));
    host.apply(bind);
    Shell.ok("umount", fixture.real(target).toString());
    host.undo(bind);
    assertThat(host.mounts()).hasSize(2);
  }
}
