package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.MountEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What listmount and statmount say of other namespaces, against their mount tables. */
class ListedMountsTest {
  private static final String LISTED = "a kernel that lists mount namespaces";

  private final HostFixture fixture = HostFixture.open("directory");

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

  private static void look(long inode, BiConsumer<MountNamespaces, Long> ask) {
    try (MountNamespaces open = MountNamespaces.open()) {
      Needs.that(open.identity(inode).isPresent(), LISTED);
      ask.accept(open, open.identity(inode).get().id());
    }
  }

  private static List<MountEntry> table(MountNamespaces open, long inode) {
    return NamespaceVisit.tables(List.of(open.all().getFirst(), open.get(inode))).get(1);
  }

  /** What both ways tell. */
  private static MountEntry common(MountEntry mount) {
    Set<String> propagation = new TreeSet<>(mount.propagation());
    propagation.removeIf(p -> !p.startsWith("shared:") && !p.startsWith("master:"));
    return new MountEntry(
        mount.mountId(),
        mount.parentId(),
        mount.device(),
        mount.root(),
        mount.target(),
        Set.of(mount.readOnly() ? "ro" : "rw"),
        mount.type(),
        mount.source(),
        Set.of(),
        propagation);
  }

  @Test
  void tellsOfEachMountWhatItsLineInTheTableTells() throws IOException {
    Path odd = Files.createDirectory(fixture.directory().resolve("o d\\d\tä"));
    long inode =
        bystander(
            "mount -t tmpfs -o size=4k,ro 'on ly' '"
                + odd
                + "' && mount --make-slave / && mount --make-shared '"
                + odd
                + "'");
    look(
        inode,
        (open, id) -> {
          List<MountEntry> table =
              table(open, inode).stream().map(ListedMountsTest::common).toList();
          ListedMounts listed = ListedMounts.list(id, null);

          assertThat(table).extracting(MountEntry::target).contains(odd.toString());
          assertThat(listed.below("/", Set.of()))
              .map(ListedMountsTest::common)
              .containsExactlyElementsOf(table);
          for (MountEntry mount : table) {
            assertThat(listed.on(mount.device()))
                .map(ListedMountsTest::common)
                .containsExactlyElementsOf(
                    table.stream().filter(m -> m.device().equals(mount.device())).toList());
            assertThat(listed.byId(mount.mountId()).map(ListedMountsTest::common)).contains(mount);
            assertThat(listed.anyOn(Set.of(mount.device()))).isTrue();
          }
          assertThat(listed.anyOn(Set.of("4095:1"))).isFalse();
          assertThat(listed.byId(0)).isEmpty();
        });
  }

  @Test
  void findsWhatLiesOnAndInAMountOfTheDevice() throws IOException {
    Path top = Files.createDirectory(fixture.directory().resolve("top"));
    long inode =
        bystander(
            "mount -t tmpfs one "
                + top
                + " && mkdir "
                + top
                + "/in && mount -t tmpfs two "
                + top
                + "/in && mount -t tmpfs three "
                + top);
    look(
        inode,
        (open, id) -> {
          String device =
              table(open, inode).stream()
                  .filter(m -> m.source().equals("one"))
                  .findFirst()
                  .orElseThrow()
                  .device();
          ListedMounts listed = ListedMounts.list(id, null);

          assertThat(listed.below(top.toString(), Set.of(device)))
              .extracting(MountEntry::source)
              .containsExactly("one", "two", "three");
          assertThat(listed.below(top + "/in", Set.of(device))).isEmpty();
          assertThat(listed.below(top.toString(), Set.of("4095:1"))).isEmpty();
        });
  }

  @Test
  void seesWhatCameAndWentAfterTheFormerList() throws IOException {
    Path first = Files.createDirectory(fixture.directory().resolve("first"));
    Path second = Files.createDirectory(fixture.directory().resolve("second"));
    long inode = bystander("mount -t tmpfs former " + first);
    look(
        inode,
        (open, id) -> {
          ListedMounts former = ListedMounts.list(id, null);
          String where = "--mount=/proc/" + MountNamespaces.members(inode).getFirst() + "/ns/mnt";
          Shell.ok("nsenter", where, "umount", first.toString());
          Shell.ok("nsenter", where, "mount", "-t", "tmpfs", "later", second.toString());

          ListedMounts now = ListedMounts.list(id, former);

          assertThat(now.below("/", Set.of()))
              .map(ListedMountsTest::common)
              .containsExactlyElementsOf(
                  table(open, inode).stream().map(ListedMountsTest::common).toList())
              .extracting(MountEntry::source)
              .contains("later")
              .doesNotContain("former");
          assertThat(former.below(first.toString(), Set.of())).isEmpty();
        });
  }
}
