package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TreePurgeTest extends TreeToPurge {
  TreePurgeTest() {
    super("directory");
  }

  @Test
  void deletesEveryKindOfFileAndIsDoneWhenItIsAbsent() {
    in("mkdir -p a/b/c && touch a/f a/b/c/f && mkfifo a/fifo && ln -s /etc a/b/link");
    in("python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"a/socket\")'");
    in("mknod a/device c 1 3 && printf x > \"$(printf 'a/\\377\\n name')\"");
    host.apply(purge);
    host.apply(purge);
    assertThat(top).doesNotExist();
    assertThat(Path.of("/etc/passwd")).exists();
  }

  @Test
  void deletesATreeTwoThousandLevelsDeepAndWide() {
    in("i=0; while [ $i -lt 2000 ]; do mkdir d && touch f && cd -P d || exit 1; i=$((i+1)); done");
    in("mkdir wide && cd wide && seq 5000 | xargs touch");
    host.apply(purge);
    assertThat(top).doesNotExist();
  }

  @Test
  void deletesDirectoriesOfMoreNamesThanItReadsAtATime() {
    in("mkdir -p a/b && for d in . a a/b; do (cd $d && seq 9000 | xargs touch); done");
    host.apply(purge);
    assertThat(top).doesNotExist();
  }

  @Test
  void deletesWhatWasMadeImmutableOrAppendOnly() {
    in("mkdir -p a/b && touch a/f a/b/g && chattr +i a/f && chattr +a a/b/g && chattr +i a/b a");
    host.apply(purge);
    assertThat(top).doesNotExist();
  }

  @Test
  void deletesWhatWasMadeImmutableDeepInside() {
    in("for i in $(seq 80); do mkdir d && touch f && cd -P d || exit 1; done");
    in("chattr -R +i d");
    host.apply(purge);
    assertThat(top).doesNotExist();
  }

  @Test
  void leavesAVolumeBoundInsideAloneAndNamesIt() throws Exception {
    // On the same file system, so that device numbers cannot tell the two apart.
    Path precious = Files.createDirectory(fixture.real(fixture.volume("precious")));
    Files.writeString(precious.resolve("file"), "kept");
    in("mkdir -p a/bound");
    Shell.ok("mount", "--bind", precious.toString(), top + "/a/bound");

    assertThatThrownBy(() -> host.apply(purge))
        .isInstanceOfSatisfying(HostException.class, e -> assertThat(e.busy()).isTrue())
        .hasMessageContaining("bound");
    assertThat(precious.resolve("file")).hasContent("kept");

    Shell.ok("umount", top + "/a/bound");
    host.apply(purge);
    assertThat(top).doesNotExist();
    assertThat(precious.resolve("file")).hasContent("kept");
  }

  @Test
  void leavesAFileBoundInsideAlone() throws Exception {
    Path precious = fixture.directory().resolve("precious");
    Files.writeString(precious, "kept");
    in("touch bound");
    Shell.ok("mount", "--bind", precious.toString(), top + "/bound");
    assertThatThrownBy(() -> host.apply(purge))
        .isInstanceOfSatisfying(HostException.class, e -> assertThat(e.busy()).isTrue());
    assertThat(precious).hasContent("kept");
  }

  @Test
  void refusesATreeThatIsAMountItself() {
    Shell.ok("mount", "-t", "tmpfs", "joblet-test", top.toString());
    in("touch f");
    assertThatThrownBy(() -> host.apply(purge))
        .isInstanceOfSatisfying(HostException.class, e -> assertThat(e.busy()).isTrue());
    assertThat(top.resolve("f")).exists();
  }
}
