package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.Host.ProcessIdentity;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessesTest {
  private final Processes processes = new Processes();
  private Process child;

  @AfterEach
  void end() throws InterruptedException {
    if (child != null) {
      child.descendants().forEach(ProcessHandle::destroyForcibly);
      child.destroyForcibly();
      child.waitFor();
    }
  }

  @Test
  void readsPastAnythingThatACommandMayContain() {
    Processes.Stat stat =
        Processes.Stat.parse(
            "12 (a) R 1 (x) y) S 1 12 12 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 3 0 98765 2252 1");
    assertThat(stat.state()).isEqualTo('S');
    assertThat(stat.threads()).isEqualTo(3);
    assertThat(stat.startTicks()).isEqualTo(98765);
  }

  @Test
  void knowsItselfAndIsAlive() {
    ProcessIdentity self = processes.identify(ProcessHandle.current().pid()).orElseThrow();
    assertThat(self.bootId()).isEqualTo(processes.bootId());
    assertThat(processes.alive(self)).isTrue();
  }

  @Test
  void takesAnotherStartTimeOrBootForAnotherProcess() {
    ProcessIdentity self = processes.identify(ProcessHandle.current().pid()).orElseThrow();
    assertThat(
            processes.alive(new ProcessIdentity(self.bootId(), self.pid(), self.startTicks() + 1)))
        .isFalse();
    assertThat(processes.alive(new ProcessIdentity("other", self.pid(), self.startTicks())))
        .isFalse();
  }

  @Test
  void takesAnEndedProcessForDead() throws Exception {
    child = new ProcessBuilder("sleep", "600").start();
    ProcessIdentity identity = processes.identify(child.pid()).orElseThrow();
    assertThat(processes.alive(identity)).isTrue();
    child.destroyForcibly().waitFor();
    Eventually.isTrue("it is gone", () -> !processes.alive(identity));
    assertThat(processes.identify(identity.pid())).isEmpty();
  }

  @Test
  void takesAZombieForDead() throws IOException {
    // The shell turns into a program that never waits for the child it inherits.
    child = new ProcessBuilder("sh", "-c", "sleep 0.2 & echo $!; exec sleep 600").start();
    long zombie = Long.parseLong(child.inputReader().readLine());
    Eventually.isTrue(
        "the grandchild is a zombie",
        () -> Sysfs.text("/proc/" + zombie + "/stat").orElse("").contains(") Z "));
    assertThat(processes.identify(zombie)).isEmpty();
  }
}
