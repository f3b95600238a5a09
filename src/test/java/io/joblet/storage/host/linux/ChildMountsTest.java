package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MountTmpfs;
import io.joblet.storage.host.ManagedPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChildMountsTest {
  private final HostFixture fixture = HostFixture.open("directory");
  private final LinuxHost host = fixture.host();

  @AfterEach
  void close() {
    fixture.close();
  }

  private Optional<List<String>> below() {
    try (Descriptor root =
        Syscalls.open(fixture.settings().volumesDirectory().toString(), Syscalls.O_PATH)) {
      return ChildMounts.targets(root);
    }
  }

  /** More than one batch of the kernel's answers, and odd names. */
  @Test
  void saysWhatTheMountTableSays() {
    List<MountTmpfs> mounts = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      ManagedPath target = fixture.volume("m " + i + "\n\\");
      host.apply(new MakeDirectory(target, 0700));
      mounts.add(new MountTmpfs(target, 4096, 5, 0, 0, 0700));
      host.apply(mounts.getLast());
    }
    String[] expected =
        host.mounts().stream()
            .map(m -> m.target())
            .filter(t -> t.startsWith(fixture.settings().volumesDirectory() + "/"))
            .toArray(String[]::new);
    assertThat(expected).hasSize(600);
    below().ifPresent(found -> assertThat(found).containsExactlyInAnyOrder(expected));
    assertThat(below().isPresent()).isEqualTo(kernelIsAtLeast(6, 8));
    mounts.forEach(host::undo);
    below().ifPresent(found -> assertThat(found).isEmpty());
  }

  private static boolean kernelIsAtLeast(int major, int minor) {
    String[] version = System.getProperty("os.version").split("[.-]", -1);
    int thisMajor = Integer.parseInt(version[0]);
    return thisMajor > major || (thisMajor == major && Integer.parseInt(version[1]) >= minor);
  }
}
