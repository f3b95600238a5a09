package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.host.linux.Namespaces.Foreign;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same answers with a kernel that tells of single mounts and from tables. */
class NamespaceLookTest {
  private final HostFixture fixture = HostFixture.open("directory");
  private final ManagedPath volume = fixture.volume("v");
  private final ManagedPath target = fixture.job("j/data");
  private final String shown = fixture.real(target).toString();
  private final Path own = fixture.directory().resolve("own");
  private final Roots roots =
      Roots.open(
          fixture.settings().volumesDirectory(),
          fixture.settings().jobsDirectory(),
          fixture.settings().runsDirectory());

  @BeforeEach
  void attach() {
    Shell.ok("mkdir", own.toString());
    for (ManagedPath directory : List.of(volume, fixture.job("j"), target)) {
      fixture.host().apply(new MakeDirectory(directory, 0755));
    }
    fixture.host().apply(new BindMount(volume, target, false));
  }

  @AfterEach
  void close() {
    roots.close();
    fixture.close();
  }

  private void namespace(String propagation, String script) throws IOException {
    start("unshare", "--mount", "--propagation", propagation, "sh", "-c", waiting(script));
  }

  private static String waiting(String script) {
    return script + " && echo in && exec sleep 600";
  }

  private void start(String... command) throws IOException {
    assertThat(fixture.start(command).inputReader().readLine()).isEqualTo("in");
  }

  private MountEntry ours() {
    return MountTable.read().stream()
        .filter(m -> m.target().equals(shown))
        .findFirst()
        .orElseThrow();
  }

  private static String pathOf(Foreign foreign) {
    return foreign.mount().target();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsCopiesFromWhatFollowsAndFromWhatWasPutElsewhere(boolean tellsAll) throws IOException {
    Needs.that(!tellsAll || MountQuery.tellsAll(), "a kernel that tells of single mounts");
    Shell.ok("mount", "--make-shared", shown);
    namespace("private", "true");
    namespace("slave", "mount --bind " + shown + " " + own + " && umount " + shown);

    NamespaceLook look = new NamespaceLook(roots, tellsAll);
    look.look();
    Namespaces seen = look.look();

    MountEntry ours = ours();
    assertThat(seen.own(ours.mountId()).map(MountEntry::target)).contains(shown);
    assertThat(seen.showing(ours.device(), ours.root()))
        .extracting(NamespaceLookTest::pathOf, Foreign::copy, Foreign::follows)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(shown, true, false),
            org.assertj.core.groups.Tuple.tuple(own.toString(), false, true));
    assertThat(seen.following(ours.mountId()))
        .extracting(NamespaceLookTest::pathOf)
        .containsExactly(own.toString());
    for (Set<String> devices : List.of(Set.<String>of(), Set.of(ours.device()))) {
      assertThat(seen.copiesAt(shown, devices))
          .extracting(NamespaceLookTest::pathOf)
          .containsExactly(shown);
      String job = fixture.real(fixture.job("j")).toString();
      assertThat(seen.copiesAt(job, devices)).isEmpty();
      assertThat(seen.copiesAtOrBelow(job, devices))
          .extracting(f -> f.parent().orElseThrow().target())
          .containsExactly(fixture.settings().jobsDirectory().toString());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void knowsACopyInAnotherUserNamespaceByTheRootThatItLiesIn(boolean tellsAll) throws IOException {
    Needs.that(!tellsAll || MountQuery.tellsAll(), "a kernel that tells of single mounts");
    String script = "mount --rbind / /mnt && mount --bind " + shown + " " + own;
    start("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", waiting(script));

    Namespaces seen = new NamespaceLook(roots, tellsAll).look();

    MountEntry ours = ours();
    assertThat(seen.showing(ours.device(), ours.root()))
        .extracting(NamespaceLookTest::pathOf, Foreign::original, Foreign::otherUsers)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(shown, Optional.of(shown), true),
            org.assertj.core.groups.Tuple.tuple("/mnt" + shown, Optional.of(shown), true),
            org.assertj.core.groups.Tuple.tuple(own.toString(), Optional.empty(), true));
    for (Set<String> devices : List.of(Set.<String>of(), Set.of(ours.device()))) {
      assertThat(seen.copiesAt(shown, devices))
          .extracting(NamespaceLookTest::pathOf)
          .containsExactlyInAnyOrder(shown, "/mnt" + shown);
    }
  }
}
