package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MountTmpfs;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.Pin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What mount namespaces that begin while a volume is attached keep of it. */
class NamespaceCopyTest {
  private static final long SIZE = 1 << 20;
  private static final int LOOKS = 2_000;

  private final HostFixture fixture = HostFixture.open("directory");
  private final LinuxHost host = fixture.host();
  private final ManagedPath volume = fixture.volume("v");
  private final ManagedPath target = fixture.job("j/data");
  private final BindMount bind = new BindMount(volume, target, false);

  @BeforeEach
  void attach() throws IOException {
    host.apply(new MakeDirectory(volume, 0755));
    host.apply(new MakeDirectory(fixture.job("j"), 0755));
    host.apply(new MakeDirectory(target, 0755));
    host.apply(bind);
    Files.writeString(fixture.real(volume).resolve("file"), "content");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Process namespace(String propagation, String script) {
    return ready(
        fixture.start(
            "unshare",
            "--mount",
            "--propagation",
            propagation,
            "sh",
            "-c",
            script + " && echo in && exec sleep 600"));
  }

  private static Process ready(Process process) {
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("in");
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String shown() {
    return fixture.real(target).toString();
  }

  private static String mountsOf(Process process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/mountinfo"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertRefusedBecauseOf(long pid) {
    assertThat(host.shownElsewhere(target)).extracting(Pin::pid).contains(pid);
    assertThat(mounted(target)).isTrue();
  }

  private boolean mounted(ManagedPath path) {
    return host.mounts().stream().anyMatch(m -> m.target().equals(fixture.real(path).toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"private", "slave", "shared", "unchanged"})
  void takesTheCopyOfABystanderAway(String propagation) {
    Process bystander = namespace(propagation, "true");
    assertThat(mountsOf(bystander)).contains(shown());
    assertThat(host.shownElsewhere(target)).isEmpty();

    host.undo(bind);

    assertThat(mounted(target)).isFalse();
    assertThat(mountsOf(bystander)).doesNotContain(shown());
    assertThat(fixture.real(volume).resolve("file")).hasContent("content");
    assertThat(host.pinnedBy(volume)).isEmpty();
  }

  /** A namespace that is being made or ends is seen in the middle of that now and then. */
  @Test
  void takesNoNamespaceThatComesAndGoesForOneThatUsesTheVolume() {
    for (int i = 0; i < 2; i++) {
      fixture.start("sh", "-c", "while unshare --mount --propagation private true; do :; done");
    }
    for (int look = 0; look < LOOKS; look++) {
      assertThat(host.shownElsewhere(target)).as("look %d", look).isEmpty();
    }
  }

  @Test
  void takesTheCopyAwayFromANamespaceWhoseOnlyProcessIsChrootedElsewhere() {
    Path elsewhere = fixture.directory().resolve("elsewhere");
    Shell.ok("mkdir", "-p", elsewhere.toString());
    String entry = "for d in bin usr lib lib64; do test -e /$d && mkdir -p $d; done";
    Process bystander =
        namespace(
            "private",
            "cd "
                + elsewhere
                + " && "
                + entry
                + "; for d in *; do mount --bind /$d $d; done; exec chroot . sh -c 'echo in; exec sleep 600'");
    assertThat(mountsOf(bystander)).doesNotContain(shown());

    host.undo(bind);

    assertThat(
            Shell.ok(
                "nsenter",
                "--mount=/proc/" + bystander.pid() + "/ns/mnt",
                "cat",
                "/proc/self/mountinfo"))
        .doesNotContain(shown());
  }

  @Test
  void finishesWhatADaemonDidThatWasKilledAfterItsOwnUnmount() {
    Process bystander = namespace("private", "true");
    Shell.ok("umount", shown());

    host.undo(bind);

    assertThat(mountsOf(bystander)).doesNotContain(shown());
  }

  @Test
  void namesTheProcessThatWritesToACopyAndKeepsTheVolumeAttached() {
    Process writer = namespace("private", "exec 3>" + shown() + "/written");

    assertRefusedBecauseOf(writer.pid());
    assertThatThrownBy(() -> host.undo(bind))
        .isInstanceOfSatisfying(
            HostException.class,
            e -> {
              assertThat(e.busy()).isTrue();
              assertThat(e.pins()).extracting(Pin::pid).contains(writer.pid());
            });
    assertThat(mounted(target)).isTrue();
    assertThat(mountsOf(writer)).contains(shown());
  }

  @Test
  void namesAProcessThatLivesInTheJobsDirectoryOfItsOwnNamespace() {
    Process job = namespace("private", "cd " + fixture.real(fixture.job("j")));
    assertRefusedBecauseOf(job.pid());
  }

  @Test
  void namesTheNamespaceThatShowsTheVolumeAtAPlaceOfItsOwn() {
    Path own = fixture.directory().resolve("own");
    Shell.ok("mkdir", own.toString());
    Process job =
        namespace("private", "mount --bind " + shown() + " " + own + " && umount " + shown());
    assertRefusedBecauseOf(job.pid());
    assertThat(host.pinnedBy(volume)).extracting(Pin::pid).contains(job.pid());
  }

  @Test
  void namesTheNamespaceThatBoundTheJobsDirectoryOntoItself() {
    String directory = fixture.real(fixture.job("j")).toString();
    Process job = namespace("private", "mount --rbind " + directory + " " + directory);
    assertRefusedBecauseOf(job.pid());
  }

  @Test
  void leavesTheCopiesOfOtherAttachmentsOfTheVolume() {
    ManagedPath other = fixture.job("j/other");
    host.apply(new MakeDirectory(other, 0755));
    host.apply(new BindMount(volume, other, false));
    Process bystander = namespace("private", "true");

    host.undo(bind);

    assertThat(mountsOf(bystander)).doesNotContain(shown() + " ").contains("/j/other ");
  }

  @Test
  void removesACopyThatAUserNamespaceHasLockedWithItsMountPoint() {
    Process bystander =
        ready(
            fixture.start(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "echo in; exec sleep 600"));
    assertThat(host.shownElsewhere(target)).isEmpty();

    host.undo(bind);

    assertThat(mounted(target)).isFalse();
    assertThat(mountsOf(bystander)).contains(shown());
    host.undo(new MakeDirectory(target, 0755));
    assertThat(mountsOf(bystander)).doesNotContain(shown());
  }

  @Test
  void namesAProcessInAUserNamespaceThatUsesItsCopy() {
    Process writer =
        ready(
            fixture.start(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "exec 3>" + shown() + "/written; echo in; exec sleep 600"));
    assertRefusedBecauseOf(writer.pid());
    assertThatThrownBy(() -> host.undo(bind)).hasMessageContaining("pid " + writer.pid());
    assertThat(mounted(target)).isTrue();
  }

  @Test
  void freesTheMemoryThatABystandersCopyWouldHold() {
    ManagedPath memory = fixture.volume("m");
    MountTmpfs mount = new MountTmpfs(memory, SIZE, 16, 0, 0, 0700);
    host.apply(new MakeDirectory(memory, 0755));
    host.apply(mount);
    Process bystander = namespace("slave", "true");
    assertThat(mountsOf(bystander)).contains(fixture.real(memory).toString());

    host.undo(mount);

    assertThat(mountsOf(bystander)).doesNotContain(fixture.real(memory).toString());
  }

  @Test
  void withdrawsNothingOfADirectoryThatOnlyHasTheSameName() {
    Process other =
        namespace(
            "private",
            "umount "
                + shown()
                + " && mount -t tmpfs other "
                + fixture.real(fixture.job("j"))
                + " && mkdir "
                + shown()
                + " && mount -t tmpfs other "
                + shown());

    host.undo(bind);

    assertThat(mountsOf(other)).contains(shown() + " ");
  }

  @Test
  void findsTheSameNamespacesInTheKernelsListAndInTheProcesses() {
    Process bystander = namespace("private", "true");
    long inode = inode("/proc/" + bystander.pid() + "/ns/mnt");
    try (MountNamespaces listed = MountNamespaces.open();
        MountNamespaces walked = MountNamespaces.ofProcesses()) {
      assertThat(listed.inodes()).contains(inode);
      assertThat(walked.inodes()).contains(inode);
      assertThat(listed.inodes().getFirst()).isEqualTo(walked.inodes().getFirst());
    }
    assertThat(MountNamespaces.members(inode)).contains(bystander.pid());
  }

  private static long inode(String path) {
    return Syscalls.statx(Syscalls.AT_FDCWD, CString.of(path), 0).inode();
  }
}
