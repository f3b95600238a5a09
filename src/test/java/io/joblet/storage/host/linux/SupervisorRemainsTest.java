package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.JobProcess;
import io.joblet.storage.host.JobProcesses.Prepared;
import io.joblet.storage.host.JobRoot;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left in this process of supervisors that have ended. */
class SupervisorRemainsTest {
  private static final long MIB = 1 << 20;

  private final HostFixture fixture = HostFixture.open("directory");
  private final LinuxHost host = fixture.host();
  private final UUID id = UUID.randomUUID();
  private final ManagedPath directory = fixture.job("j");
  private final ManagedPath state = ManagedPath.of(ManagedRoot.RUNS, id.toString());

  @BeforeEach
  void makeRoot() {
    host.apply(new MakeDirectory(directory, 0755));
    host.apply(new MakeDirectory(state, 0700));
    host.apply(
        new MountJobRoot(
            directory,
            new JobRoot(JobRoot.Userland.HOST, Optional.empty(), MIB, MIB, 65534, 65534)));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private JobProcess command(String... arguments) {
    return new JobProcess(
        id, directory, "j", List.of(arguments), Map.of(), "/work", 65534, 65534, true, MIB, MIB);
  }

  @Test
  void noZombieIsLeftOfACommandThatHadEndedBeforeItWasWatched() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    ProcessIdentity supervisor;
    try (Prepared prepared = host.jobs().prepare(command("true"))) {
      supervisor = prepared.supervisor();
      prepared.release();
      await().until(() -> !host.alive(supervisor));
      host.jobs().onEnd(supervisor, told::countDown);
    }

    assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Path.of("/proc", Long.toString(supervisor.pid()))).doesNotExist();
  }

  @Test
  void aSupervisorThatIsKilledBeforeTheWordIsARefusalAndNoZombie() {
    ProcessIdentity supervisor;
    try (Prepared prepared = host.jobs().prepare(command("sleep", "3600"))) {
      supervisor = prepared.supervisor();
      ProcessHandle.of(supervisor.pid()).orElseThrow().destroyForcibly();
      await().until(() -> !host.alive(supervisor));

      assertThatThrownBy(prepared::release)
          .isInstanceOf(HostException.class)
          .hasMessageContaining("supervisor ended");
    }

    assertThat(Path.of("/proc", Long.toString(supervisor.pid()))).doesNotExist();
  }

  @Test
  void noPipeIsLeftWhenASupervisorCannotBeStarted() throws IOException {
    host.jobs().prepare(command("true")).close();
    host.jobs().forget(id);
    long before = pipes();

    assertThatThrownBy(() -> host.jobs().prepare(command("true")))
        .isInstanceOf(HostException.class);

    assertThat(pipes()).isEqualTo(before);
  }

  private static long pipes() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(SupervisorRemainsTest::isPipe).count();
    }
  }

  private static boolean isPipe(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
    } catch (IOException closed) {
      return false;
    }
  }
}
