package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.MountEntry;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What listmount and statmount say of other namespaces, against their mount tables. */
class MountDevicesTest {
  private static final String LISTED = "a kernel that lists mount namespaces";

  private final HostFixture fixture = HostFixture.open("directory");
  private final MountDevices devices = new MountDevices();

  @AfterEach
  void close() {
    fixture.close();
  }

  private long bystander(String script) throws IOException {
    Process process =
        fixture.start("unshare", "--mount", "sh", "-c", script + " && echo in && exec sleep 600");
    assertThat(process.inputReader().readLine()).isEqualTo("in");
    byte[] path = CString.of("/proc/" + process.pid() + "/ns/mnt");
    return Syscalls.statx(Syscalls.AT_FDCWD, path, 0).inode();
  }

  @Test
  void knowsEveryDeviceThatTheTableHasAndNoOther() throws IOException {
    long inode = bystander("mount -t tmpfs -o size=4k only-here " + fixture.directory());
    try (MountNamespaces open = MountNamespaces.open()) {
      Needs.that(open.identity(inode).isPresent(), LISTED);
      List<MountEntry> table =
          NamespaceVisit.tables(List.of(open.all().getFirst(), open.get(inode))).get(1);
      Set<String> there = new TreeSet<>(table.stream().map(MountEntry::device).toList());
      assertThat(table).extracting(MountEntry::source).contains("only-here");

      for (String device : there) {
        assertThat(devices.anyOn(open.identity(inode).get(), Set.of(device))).as(device).isTrue();
      }
      assertThat(devices.anyOn(open.identity(inode).get(), Set.of("4095:1"))).isFalse();
      assertThat(devices.anyOn(open.identity(inode).get(), Set.of())).isFalse();
    }
  }

  @Test
  void seesAMountThatWasMadeAfterTheFirstLook() throws IOException {
    long inode = bystander("true");
    try (MountNamespaces open = MountNamespaces.open()) {
      Needs.that(open.identity(inode).isPresent(), LISTED);
      MountNamespaces.Identity bystander = open.identity(inode).get();
      assertThat(devices.anyOn(bystander, Set.of("4095:1"))).isFalse();
      String where = "--mount=/proc/" + MountNamespaces.members(inode).getFirst() + "/ns/mnt";
      Shell.ok("nsenter", where, "mount", "-t", "tmpfs", "later", fixture.directory().toString());
      String device =
          NamespaceVisit.tables(List.of(open.all().getFirst(), open.get(inode))).get(1).stream()
              .filter(m -> m.source().equals("later"))
              .findFirst()
              .orElseThrow()
              .device();

      assertThat(devices.anyOn(bystander, Set.of(device))).isTrue();
    }
  }

  @Test
  void doesNotExcuseANamespaceThatHasMoreMountsThanItShows() throws IOException {
    long inode = bystander("true");
    try (MountNamespaces open = MountNamespaces.open()) {
      Needs.that(open.identity(inode).isPresent(), LISTED);
      MountNamespaces.Identity shown = open.identity(inode).get();
      MountNamespaces.Identity hiding =
          new MountNamespaces.Identity(shown.id(), shown.mounts() + 1);

      assertThat(devices.anyOn(shown, Set.of())).isFalse();
      assertThat(devices.anyOn(hiding, Set.of())).isTrue();
      assertThat(devices.anyOn(new MountNamespaces.Identity(0, 1), Set.of())).isTrue();
    }
  }
}
