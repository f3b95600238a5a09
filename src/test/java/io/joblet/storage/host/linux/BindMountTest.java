package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.host.Pin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BindMountTest {
  private final HostFixture fixture = HostFixture.open("directory");
  private final LinuxHost host = fixture.host();
  private final ManagedPath volume = fixture.volume("v");
  private final ManagedPath target = fixture.job("j/data");
  private final BindMount writable = new BindMount(volume, target, false);
  private final BindMount readOnly = new BindMount(volume, target, true);

  @BeforeEach
  void makeDirectories() throws Exception {
    host.apply(new MakeDirectory(volume, 0755));
    host.apply(new MakeDirectory(fixture.job("j"), 0755));
    host.apply(new MakeDirectory(target, 0755));
    Files.writeString(fixture.real(volume).resolve("file"), "content");
    fixture.letOthersThrough();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<MountEntry> bindsAtTarget() {
    return host.mounts().stream()
        .filter(m -> m.target().equals(fixture.real(target).toString()))
        .toList();
  }

  @Test
  void bindsOnceHoweverOftenItIsApplied() {
    host.apply(writable);
    host.apply(writable);
    assertThat(bindsAtTarget()).hasSize(1);
    assertThat(bindsAtTarget().getFirst().options()).contains("rw", "nosuid", "nodev");
    assertThat(bindsAtTarget().getFirst().propagation()).isEmpty();
    assertThat(fixture.real(target).resolve("file")).hasContent("content");
  }

  /** What lies below a mount that is gone is no volume, however much it looks like one. */
  @Test
  void doesNotShowTheDirectoryThatAVolumeShouldBeMountedOn() {
    BindMount ofMount = new BindMount(volume, target, false, true);
    assertThatThrownBy(() -> host.apply(ofMount))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("is not mounted");
    assertThat(bindsAtTarget()).isEmpty();
  }

  @Test
  void unbindsOnceHoweverOftenItIsUndone() {
    host.apply(writable);
    host.undo(writable);
    host.undo(writable);
    assertThat(bindsAtTarget()).isEmpty();
    assertThat(fixture.real(volume).resolve("file")).hasContent("content");
  }

  @Test
  void undoesABindWhoseTargetHasGone() {
    host.undo(new BindMount(volume, fixture.job("gone/data"), false));
    host.undo(new BindMount(volume, fixture.job("j/gone"), false));
    assertThat(fixture.real(volume).resolve("file")).hasContent("content");
  }

  @Test
  void makesEverySubmountReadOnlyToo() {
    Path inner = fixture.real(volume).resolve("inner");
    Shell.ok("mkdir", inner.toString());
    Shell.ok("mount", "-t", "tmpfs", "joblet-test", inner.toString());

    host.apply(readOnly);

    String shown = fixture.real(target).toString();
    assertThat(Shell.run("touch", shown + "/new").output()).contains("Read-only file system");
    assertThat(Shell.run("touch", shown + "/inner/new").output()).contains("Read-only file system");
    Shell.ok("touch", inner + "/new");
    host.undo(readOnly);
    assertThat(bindsAtTarget()).isEmpty();
    assertThat(host.mounts()).hasSize(3);
    assertThat(inner.resolve("new")).exists();
  }

  @Test
  void runsNoSetuidProgramAndOpensNoDevice() {
    Path tool = fixture.real(volume).resolve("id");
    Shell.ok("cp", "/usr/bin/id", tool.toString());
    Shell.ok("chmod", "4755", tool.toString());
    Shell.ok("mknod", "-m", "666", fixture.real(volume).resolve("zero").toString(), "c", "1", "5");
    Path shown = fixture.real(target);
    // The same file does give root away where it is not behind our mounts.
    Path elsewhere = fixture.directory().resolve("id");
    Shell.ok("cp", "--preserve=mode", tool.toString(), elsewhere.toString());
    assertThat(Shell.asNobody(elsewhere + " -u").output()).isEqualTo("0");

    host.apply(writable);

    assertThat(Shell.asNobody(shown + "/id -u").output()).isEqualTo("65534");
    assertThat(Shell.run("head", "-c1", shown + "/zero").output()).contains("Permission denied");
  }

  @Test
  void refusesATargetThatShowsSomethingElse() {
    Shell.ok("mount", "-t", "tmpfs", "joblet-test", fixture.real(target).toString());
    assertThatThrownBy(() -> host.apply(writable))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("tmpfs from joblet-test (root /) is mounted at");
    assertThat(bindsAtTarget()).hasSize(1);
  }

  @Test
  void refusesATargetThatShowsTheVolumeWithOtherOptions() {
    host.apply(writable);
    assertThatThrownBy(() -> host.apply(readOnly))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("other options");
  }

  @Test
  void unmountsTheSameBindStackedTwice() {
    host.apply(writable);
    Shell.ok("mount", "--bind", fixture.real(volume).toString(), fixture.real(target).toString());
    assertThat(bindsAtTarget()).hasSize(2);
    host.undo(writable);
    assertThat(bindsAtTarget()).isEmpty();
  }

  @Test
  void leavesAnOvermountAloneAndSaysWhatItIs() {
    host.apply(writable);
    Shell.ok("mount", "-t", "tmpfs", "overmount", fixture.real(target).toString());
    assertThatThrownBy(() -> host.undo(writable))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("not ours")
        .hasMessageContaining("overmount");
    assertThat(bindsAtTarget()).hasSize(2);
  }

  @Test
  void namesTheProcessThatKeepsABindBusy() throws Exception {
    host.apply(writable);
    Process holder =
        fixture.start("sh", "-c", "cd " + fixture.real(target) + " && echo in && exec sleep 600");
    assertThat(holder.inputReader().readLine()).isEqualTo("in");

    assertThatThrownBy(() -> host.undo(writable))
        .isInstanceOfSatisfying(
            HostException.class,
            e -> {
              assertThat(e.busy()).isTrue();
              assertThat(e.pins()).extracting(Pin::pid).contains(holder.pid());
              assertThat(e.getMessage()).contains("pid " + holder.pid());
            });
    assertThat(bindsAtTarget()).hasSize(1);
  }

  @Test
  void tellsOtherNamespacesFromProcessesThatTheKernelRefusesToUnmountUnder() throws Exception {
    host.apply(writable);
    Process here =
        fixture.start("sh", "-c", "cd " + fixture.real(target) + " && echo in && exec sleep 600");
    assertThat(here.inputReader().readLine()).isEqualTo("in");
    assertThat(host.shownElsewhere(target)).extracting(Pin::pid).doesNotContain(here.pid());

    String own = fixture.directory().resolve("own").toString();
    Shell.ok("mkdir", own);
    String use =
        "mount --bind " + fixture.real(target) + " " + own + " && echo in && exec sleep 600";
    Process elsewhere = fixture.start("unshare", "--mount", "sh", "-c", use);
    assertThat(elsewhere.inputReader().readLine()).isEqualTo("in");
    assertThat(host.shownElsewhere(target))
        .extracting(Pin::pid)
        .contains(elsewhere.pid())
        .doesNotContain(here.pid());
  }

  @Test
  void showsNothingToOtherNamespacesThatExistAlready() throws Exception {
    Process other =
        fixture.start(
            "unshare",
            "--mount",
            "--propagation",
            "slave",
            "sh",
            "-c",
            "echo in && exec sleep 600");
    assertThat(other.inputReader().readLine()).isEqualTo("in");
    host.apply(writable);
    assertThat(Files.readString(Path.of("/proc/" + other.pid() + "/mountinfo")))
        .doesNotContain(fixture.real(target).toString());
    assertThat(host.pinnedBy(volume)).isEmpty();
  }
}
