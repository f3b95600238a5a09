package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.ManagedPath;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Hostile commands in real jobs, as root and as nobody. Every attack has to be held; the same
 * program in a deliberately weak box has to get out, so that an attack that fails for the wrong
 * reason is seen. docs/isolation.md says which mechanism holds which.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileTest {
  private static final List<Long> USERS = List.of(0L, 65534L);

  /** Root of the host in a mount namespace of its own, and nothing else. */
  private static final List<String> OUT_OF_NOTHING =
      List.of(
          "absolute-path",
          "symlinks",
          "proc-cwd",
          "proc-fd",
          "host-paths-in-mounts",
          "mount-new",
          "mount-bind",
          "mount-propagation",
          "new-mount-api",
          "mount-flags",
          "unshare-user",
          "unshare-mount",
          "unshare-pid",
          "clone-user",
          "clone-others",
          "clone3-user",
          "ptrace",
          "read-memory",
          "signal-host",
          "take-descriptor",
          "look-into-init",
          "environments",
          "make-node",
          "host-nodes",
          "only-harmless-nodes",
          "kernel-files",
          "proc-entries",
          "own-process-files",
          "keys",
          "bpf",
          "perf",
          "userfaultfd",
          "io-uring",
          "reboot",
          "clocks",
          "host-name",
          "administration",
          "other-calls",
          "calls-of-i386",
          "subvolumes",
          "capability-sets",
          "raise-capabilities",
          "become-root",
          "no-new-privileges",
          "filter-off",
          "system-v",
          "message-queue",
          "abstract-socket",
          "loopback",
          "raw-packets",
          "name-of-host",
          "crash",
          "raise-limits");

  /** chroot(2) of root, with the host's /proc. */
  private static final List<String> OUT_OF_CHROOT =
      List.of(
          "dot-dot",
          "proc-root",
          "proc-cwd",
          "proc-fd",
          "inherited-descriptors",
          "chroot-again",
          "file-handle",
          "mount-over",
          "remount-writable",
          "unmount",
          "pivot-root",
          "setns",
          "nodes-on-volume",
          "set-user-id-file",
          "file-capabilities",
          "set-user-id-own",
          "write-system",
          "change-system");

  /** The same for a user without privileges. */
  private static final List<String> OUT_OF_CHROOT_AS_NOBODY =
      List.of("dot-dot", "inherited-descriptors", "set-user-id-file", "file-capabilities");

  private final HostileWorld world = new HostileWorld("btrfs");

  @AfterAll
  void noSignalReachedTheHost() {
    try {
      assertThat(world.bait.alive()).isTrue();
      assertThat(world.bait.finish()).as("signals that reached a process of the host").isEmpty();
    } finally {
      world.close();
    }
  }

  @TestFactory
  Stream<DynamicNode> nothingGetsOut() {
    return USERS.stream()
        .map(uid -> {
          HostileWorld.Job job = world.new Job(uid, "all");
          Map<String, String> verdicts = Attacker.verdicts(job.outputInTheEnd());
          job.unmount();
          return dynamicContainer(
              "as uid " + uid,
              Attacker.attacks().stream()
                  .map(attack ->
                      dynamicTest(
                          attack, () -> assertThat(verdicts.get(attack)).startsWith("held"))));
        });
  }

  @TestFactory
  Stream<DynamicNode> aWeakBoxIsLeft() {
    return Stream.of(
        weak("bare", OUT_OF_NOTHING),
        weak("chroot", OUT_OF_CHROOT),
        weak("nobody", OUT_OF_CHROOT_AS_NOBODY));
  }

  private DynamicNode weak(String kind, List<String> attacks) {
    String output = world.weak(kind, attacks.toArray(String[]::new));
    Map<String, String> verdicts = Attacker.verdicts(output);
    return dynamicContainer(
        kind,
        attacks.stream()
            .map(attack ->
                dynamicTest(
                    attack, () -> assertThat(verdicts.get(attack)).as(output).startsWith("OUT"))));
  }

  /** What the filter is for: nothing else keeps a volume's owner from leaving its quota group. */
  @Test
  void anOwnerWithoutFilterMakesSubvolumesWithoutQuota() {
    ManagedPath volume = world.fixture.volume("unguarded");
    world.host.apply(new MakeDirectory(volume, 0777));
    assertThat(world.asNobody(world.fixture.real(volume), "subvolumes"))
        .isEqualTo("subvolumes OUT BTRFS_IOC_SUBVOL_CREATE_V2 is allowed");
  }

  @Test
  void whatIgnoresSignalsAndForksEndsWithTheJob() {
    for (long uid : USERS) {
      HostileWorld.Job job = world.new Job(uid, "stay", "300");
      await().until(() -> job.output().contains("made 300"));
      job.kill();
      job.unmount();
    }
  }

  @Test
  void killingEverythingKillsNobodyElse() {
    for (long uid : USERS) {
      HostileWorld.Job job = world.new Job(uid, "kill-all");
      assertThat(job.outputInTheEnd()).isEqualTo("held killed its own, and init lives\n");
      job.unmount();
    }
    assertThat(world.bait.alive()).isTrue();
  }

  @Test
  void aMountTargetThatIsExchangedLeadsNowhere() throws Exception {
    for (long uid : USERS) {
      HostileWorld.Job job = world.new Job(uid, "swap", "2000000");
      await().until(() -> job.output().contains("swapping"));
      ManagedPath volume = world.fixture.volume("live-" + uid);
      world.host.apply(new MakeDirectory(volume, 0755));
      BindMount inWork = new BindMount(volume, job.directory.resolve("work/target"), false);
      BindMount inRoot = new BindMount(volume, job.directory.resolve("later"), false);
      for (int i = 0; i < 200; i++) {
        assertThatThrownBy(() -> world.host.apply(inWork))
            .isInstanceOfSatisfying(
                HostException.class, e -> assertThat(e.errno()).isIn("EXDEV", "ELOOP"));
        world.host.apply(new MakeDirectory(inRoot.target(), 0755));
        world.host.apply(inRoot);
        world.host.undo(inRoot);
      }
      assertThat(job.output()).isEqualTo("swapping\n");
      job.kill();
      job.unmount();
    }
    Path canary = world.fixture.directory().resolve("canary");
    assertThat(MountTable.below(MountTable.read(), canary.toString())).isEmpty();
    try (var entries = Files.list(canary)) {
      assertThat(entries).containsExactly(canary.resolve("secret"));
    }
  }

  @Test
  void aJobThatTakesItsOwnOutputAwayCanStillBeStopped() {
    HostileWorld.Job job = world.new Job(65534, "steal-output");
    Path stuck = job.real("work/stuck");
    await()
        .atMost(java.time.Duration.ofSeconds(60))
        .until(() -> Files.exists(stuck) || Files.exists(job.real("work/free")));
    assertThat(stuck).as("its supervisor waits for output that was taken away").doesNotExist();
    job.kill();
    job.unmount();
  }

  /** Asked by a change that changes nothing: opening it fails anyway while it is executed. */
  @Test
  void theSupervisorsProgramCannotBeReachedForWriting() {
    HostileWorld.Job job = world.new Job(0, "stay", "1");
    Path program = Path.of("/proc/" + job.supervisor.pid() + "/exe");
    assertThatThrownBy(() ->
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("Read-only file system");
    job.kill();
    job.unmount();
  }

  @Test
  void nothingOfAJobIsLeftOnTheHost() {
    for (long uid : USERS) {
      HostileWorld.Job job = world.new Job(uid, "stay", "1");
      await().until(() -> job.output().contains("made 1"));
      assertThat(MountTable.read())
          .filteredOn(mount -> mount.target().contains(job.id.toString()))
          .hasSizeGreaterThan(5)
          .allMatch(mount ->
              mount.target().startsWith(world.fixture.settings().jobsDirectory().toString()));
      job.kill();
      job.unmount();
      assertThat(MountTable.read())
          .noneMatch(mount ->
              mount.target().contains(job.id.toString()) && !mount.target().contains("/volumes/"));
    }
  }
}
