package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.HostTransaction;
import io.joblet.storage.host.ManagedRoot;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A daemon is killed at one system call after the other, by strace(1), which needs no line in the
 * product; in the tests at a few, with {@code -Djoblet.crash.rounds=all} at each. The next life
 * must be able to go forward and to go back from there, and to leave nothing.
 */
class KillIT {
  private static final String EVERY_CHANGE =
      "mkdirat,unlinkat,renameat2,fchmod,fchown,open_tree,move_mount,fsopen,fsmount,"
          + "mount_setattr,umount2";

  private static final int FIRST_ONES = 2;
  private static final int STRIDE = 12;

  private final HostFixture fixture = HostFixture.open();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void goesForwardAndBackFromAKillAtAnySystemCallThatChangesMountsOrFiles() throws Exception {
    killAtEach(EVERY_CHANGE, PlanRunner.plan(), 7, 1);
  }

  @Test
  void goesForwardAndBackFromAKillAtAnyIoctlOnBtrfsAndLoopDevices() throws Exception {
    killAtEach("ioctl", PlanRunner.plan(), 7, 1);
  }

  @Test
  void goesForwardAndBackFromAKillAtAnySystemCallThatLimitsAJob() throws Exception {
    killAtEach(
        "mkdirat,unlinkat,write,fsetxattr,fremovexattr", PlanRunner.limits(), 2, 0, "limits");
  }

  private void killAtEach(String calls, HostPlan plan, int mounts, int loops, String... which)
      throws Exception {
    int kills = 0;
    int reached = 0;
    for (int n = 1; runKilledAt(calls, n, which); n = next(n)) {
      kills++;
      reached = n;
      LinuxHost next = fixture.reopen();
      if (kills % 2 == 0) {
        new HostTransaction(next).apply(plan);
        assertThat(next.mounts()).as("after kill %d", n).hasSize(mounts);
        assertThat(next.loopDevices()).as("after kill %d", n).hasSize(loops);
      }
      new HostTransaction(next).undo(plan);
      assertNothingIsLeft(next, n);
    }
    assertThat(reached).as("boundaries that were reached").isGreaterThan(20);
  }

  /** Each of them only in the long form: a kill and the life after it take seconds. */
  private static int next(int n) {
    boolean all = "all".equals(System.getProperty("joblet.crash.rounds"));
    return all || n < FIRST_ONES ? n + 1 : n + STRIDE;
  }

  /** False when the run came to its end before the n-th call. */
  private boolean runKilledAt(String calls, int n, String... which) throws Exception {
    fixture.host().close();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                PlanRunner.class.getName(),
                fixture.directory().toString()));
    command.addAll(List.of(which));
    Process run = fixture.start(command.toArray(String[]::new));
    BufferedReader said = run.inputReader(StandardCharsets.UTF_8);
    Process strace = attach(thread(said), calls, n);
    run.getOutputStream().write('\n');
    run.getOutputStream().flush();
    String output = said.lines().collect(Collectors.joining("\n"));
    int exit = run.waitFor();
    strace.waitFor();
    assertThat(exit).as(output).isIn(0, 137);
    return exit != 0;
  }

  /** The first line names it; others, of a JVM that says something, come later. */
  private static String thread(BufferedReader said) throws IOException {
    String first = said.readLine();
    assertThat(first).as("what was said first").startsWith(PlanRunner.READY);
    return first.substring(PlanRunner.READY.length());
  }

  /** To the one thread that works, so that nothing of a JVM's start is slowed down or counted. */
  private Process attach(String thread, String calls, int n) throws IOException {
    Process strace =
        fixture.start(
            "strace",
            "-o",
            "/dev/null",
            "-e",
            "trace=" + calls,
            "-e",
            "inject=" + calls + ":signal=KILL:when=" + n,
            "-p",
            thread);
    assertThat(strace.inputReader(StandardCharsets.UTF_8).readLine()).contains("attached");
    return strace;
  }

  private void assertNothingIsLeft(LinuxHost host, int n) {
    assertThat(host.mounts()).as("after kill %d", n).hasSize(2);
    assertThat(host.qgroups()).as("after kill %d", n).isEmpty();
    assertThat(host.list(ManagedRoot.VOLUMES, ""))
        .as("after kill %d", n)
        .containsExactlyInAnyOrder(".images", ".trash", ".quarantine", ".records");
    assertThat(host.list(ManagedRoot.VOLUMES, ".images")).as("after kill %d", n).isEmpty();
    assertThat(host.list(ManagedRoot.JOBS, "")).as("after kill %d", n).isEmpty();
    assertThat(new TestCgroups(fixture.settings()).homes()).as("after kill %d", n).isEmpty();
    Eventually.isTrue(
        "no loop device is left after kill " + n, () -> host.loopDevices().equals(List.of()));
  }
}
