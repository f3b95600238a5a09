package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.MakeJobCgroup;
import io.joblet.storage.host.JobLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobCgroupTest {
  private static final long PROCESSES = 40;
  private static final String FORK_BOMB =
      "b() { b | b & }; echo start; while :; do b 2>/dev/null; sleep 0.1; done";

  private final HostFixture fixture = HostFixture.open("directory");
  private final TestCgroups cgroups = new TestCgroups(fixture.settings());
  private final List<TestJob> jobs = new ArrayList<>();

  @AfterEach
  void close() {
    jobs.forEach(TestJob::close);
    jobs.forEach(job -> fixture.host().undo(job.cgroup(PROCESSES)));
    assertThat(cgroups.homes()).isEmpty();
    fixture.close();
  }

  private TestJob job(String name) {
    TestJob job = new TestJob(fixture, name);
    jobs.add(job);
    return job;
  }

  private TestJob started(String name, String script) {
    TestJob job = job(name);
    fixture.host().apply(job.cgroup(PROCESSES));
    job.start(script);
    return job;
  }

  private List<Long> members(TestJob job) {
    return cgroups.read(job.id(), "cgroup.procs").lines().map(Long::valueOf).toList();
  }

  @Test
  void isMadeAndRemovedAsOftenAsOneLikes() {
    TestJob job = job("j");
    fixture.host().apply(job.cgroup(PROCESSES));
    fixture.host().apply(job.cgroup(PROCESSES + 1));
    assertThat(cgroups.read(job.id(), "pids.max")).isEqualTo("41\n");
    assertThat(fixture.host().jobCgroups()).containsExactly(job.id());
    fixture.host().undo(job.cgroup(PROCESSES));
    fixture.host().undo(job.cgroup(PROCESSES));
    assertThat(fixture.host().jobCgroups()).isEmpty();
    assertThat(cgroups.homes()).isEmpty();
  }

  @Test
  void theDirectoryOfTheDaemonStaysWhileAnotherJobIsInIt() {
    TestJob one = job("one");
    TestJob other = job("other");
    fixture.host().apply(one.cgroup(PROCESSES));
    fixture.host().apply(other.cgroup(0));
    fixture.host().undo(one.cgroup(PROCESSES));
    assertThat(cgroups.read(other.id(), "pids.max")).isEqualTo("max\n");
    assertThat(fixture.host().jobCgroups()).containsExactly(other.id());
  }

  @Test
  void everyProcessOfTheJobIsInItAndItsSupervisorIsNot() {
    TestJob job = started("j", "sleep 600 & echo up; wait");
    Eventually.isTrue("it is up", () -> job.output().equals("up\n"));
    for (Path directory : cgroups.of(job.id())) {
      assertThat(TestCgroups.text(directory.resolve("cgroup.procs")).lines())
          .as(directory.toString())
          .hasSize(3)
          .doesNotContain(Long.toString(job.supervisor().pid()));
    }
  }

  @Test
  void theJobSeesNeitherItsPathNorAFileOfIt() {
    TestJob job =
        started(
            "j",
            "cat /proc/self/cgroup; ls /proc/self/fd | wc -l; ls /sys; grep cgroup /proc/self/mountinfo");
    job.ending();
    assertThat(job.output())
        .contains("0::/\n", "cannot access '/sys'")
        .doesNotContain(job.id().toString(), fixture.settings().cgroupName())
        // The three standard ones and the one that ls reads the directory by.
        .contains("\n4\n");
  }

  @Test
  void withoutOneItRunsAllTheSame() {
    TestJob job = job("j");
    job.start("echo up");
    assertThat(job.ending().exitCode()).hasValue(0);
    assertThat(cgroups.homes()).isEmpty();
  }

  @Test
  void aForkBombStopsAtTheLimitAndHarmsNoOtherJob() {
    TestJob bomb = started("bomb", FORK_BOMB);
    Eventually.isTrue(
        "the kernel has refused a fork",
        () -> cgroups.read(bomb.id(), "pids.events").matches("max [1-9][0-9]*\n(?s:.*)"));
    assertThat(members(bomb)).hasSizeLessThanOrEqualTo((int) PROCESSES);
    TestJob other =
        started("other", "for i in 1 2 3 4 5 6 7 8; do sleep 0.01 & done; wait; echo all");
    assertThat(other.ending().exitCode()).hasValue(0);
    assertThat(other.output()).isEqualTo("all\n");
    assertThat(fixture.host().jobs().ending(bomb.id())).isEmpty();
  }

  @Test
  void aForkBombIsKilledToItsLastProcess() {
    TestJob bomb = started("bomb", FORK_BOMB);
    Eventually.isTrue("it has grown", () -> members(bomb).size() > PROCESSES / 2);
    fixture.host().jobs().killAll(bomb.id());
    assertThat(members(bomb)).isEmpty();
    assertThat(bomb.ending().signal()).hasValue(9);
    fixture.host().jobs().killAll(bomb.id());
  }

  /** What hosts without the unified hierarchy, or without cgroup.kill, have. */
  @Test
  void oneByOneItIsKilledToItsLastProcessToo() {
    TestJob bomb = started("bomb", FORK_BOMB);
    Eventually.isTrue("it has grown", () -> members(bomb).size() > PROCESSES / 2);
    Path pids =
        cgroups.of(bomb.id()).stream()
            .filter(d -> Files.exists(d.resolve("pids.max")))
            .findFirst()
            .orElseThrow();
    try (Cgroup cgroup =
        new Cgroup(
            Syscalls.open(pids.toString(), Syscalls.O_RDONLY | Syscalls.O_DIRECTORY), false)) {
      CgroupEnd.kill(List.of(cgroup), new Processes());
    }
    assertThat(members(bomb)).isEmpty();
    assertThat(bomb.ending().signal()).hasValue(9);
  }

  @Test
  void oneWithAProcessInItStaysAndTheProcessIsNamed() {
    TestJob job = started("j", "exec sleep 600");
    assertThatThrownBy(() -> fixture.host().undo(job.cgroup(PROCESSES)))
        .isInstanceOf(HostException.class)
        .satisfies(e -> {
          HostException refusal = (HostException) e;
          assertThat(refusal.busy()).isTrue();
          assertThat(members(job)).contains(refusal.pins().getFirst().pid());
        });
    assertThat(fixture.host().alive(job.supervisor())).isTrue();
  }

  @Test
  void theNextDaemonFindsAndRemovesWhatAKilledOneLeft() {
    TestJob job = started("j", "sleep 600");
    Shell.ok("kill", "-9", Long.toString(job.supervisor().pid()));
    fixture.reopen();
    assertThat(fixture.host().jobCgroups()).containsExactly(job.id());
    fixture.host().jobs().killAll(job.id());
    fixture.host().undo(job.cgroup(PROCESSES));
    assertThat(cgroups.homes()).isEmpty();
  }

  @Test
  void anotherDaemonDoesNotSeeIt() {
    TestJob job = job("j");
    fixture.host().apply(job.cgroup(PROCESSES));
    try (LinuxHost other =
        LinuxHost.open(fixture.settingsBelow(fixture.directory().resolve("other"), "directory"))) {
      assertThat(other.jobCgroups()).isEmpty();
      other.undo(job.cgroup(PROCESSES));
    }
    assertThat(fixture.host().jobCgroups()).containsExactly(job.id());
  }

  @Test
  void memoryIsLimitedWhenAsked() {
    TestJob job = job("j");
    MakeJobCgroup limited = new MakeJobCgroup(job.id(), new JobLimits(PROCESSES, 32 << 20));
    assertThat(fixture.host().unenforced(limited.limits())).isEmpty();
    fixture.host().apply(limited);
    job.start("dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null; echo exit $?");
    job.ending();
    assertThat(job.output()).contains("exit 137\n");
    fixture.host().apply(job.cgroup(PROCESSES));
  }

  @Test
  void aHostWithoutCgroupsSaysWhatIsNotEnforced() {
    try (CgroupTrees none = CgroupTrees.open(List.of(), "joblet-none")) {
      assertThat(none.lacks(Controller.PIDS))
          .hasValue("this host has no pids controller for cgroups");
    }
  }

  @Test
  void aHierarchyThatCannotBeWrittenIsNotUsedAndTheReasonIsSaid() {
    String table = "41 31 0:38 / " + fixture.directory() + " ro - cgroup2 cgroup2 rw\n";
    try (CgroupTrees none = CgroupTrees.open(MountTable.parse(table), "joblet-none")) {
      assertThat(none.usable()).isEmpty();
      assertThat(none.lacks(Controller.IO).orElseThrow())
          .contains("no io controller", fixture.directory().toString(), "ENODEV");
    }
  }

  @Test
  void jobsThatComeAndGoAtTheSameTimeDoNotTakeEachOthersDirectory() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
              .start(() -> {
                for (int round = 0; round < 50; round++) {
                  MakeJobCgroup step = new MakeJobCgroup(UUID.randomUUID(), JobLimits.DEFAULT);
                  fixture.host().apply(step);
                  fixture.host().undo(step);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(cgroups.homes()).isEmpty();
  }
}
