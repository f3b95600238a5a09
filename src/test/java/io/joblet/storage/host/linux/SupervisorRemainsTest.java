package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.JobProcess;
import io.joblet.storage.host.JobProcesses.Supervisor;
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
        id, directory, "j", List.of(arguments), Map.of(), "/work", 65534, 65534, MIB, MIB);
  }

  @Test
  void noZombieIsLeftOfACommandThatHadEndedBeforeItWasWatched() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    ProcessIdentity supervisor;
    try (Supervisor prepared = Supervising.of(host, command("true"))) {
      supervisor = prepared.identity();
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
    try (Supervisor prepared = Supervising.of(host, command("sleep", "3600"))) {
      supervisor = prepared.identity();
      ProcessHandle.of(supervisor.pid()).orElseThrow().destroyForcibly();
      await().until(() -> !host.alive(supervisor));

      assertThatThrownBy(prepared::release)
          .isInstanceOf(HostException.class)
          .hasMessageContaining("supervisor ended");
    }

    assertThat(Path.of("/proc", Long.toString(supervisor.pid()))).doesNotExist();
  }

  @Test
  void nothingIsLeftOfASupervisorThatGetsNoJob() throws IOException {
    host.jobs().supervise(true).close();
    long before = pipesAndSockets();
    ProcessIdentity identity;
    try (Supervisor supervisor = host.jobs().supervise(true)) {
      identity = supervisor.identity();
      assertThat(host.alive(identity)).isTrue();
    }

    assertThat(Path.of("/proc", Long.toString(identity.pid()))).doesNotExist();
    assertThat(pipesAndSockets()).isEqualTo(before);
  }

  @Test
  void noPipeAndNoSocketIsLeftWhenASupervisorCannotBeStarted() throws IOException {
    Supervising.of(host, command("true")).close();
    host.jobs().forget(id);
    long before = pipesAndSockets();

    assertThatThrownBy(() -> Supervising.of(host, command("true")))
        .isInstanceOf(HostException.class);

    assertThat(pipesAndSockets()).isEqualTo(before);
  }

  private static long pipesAndSockets() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(SupervisorRemainsTest::isPipeOrSocket).count();
    }
  }

  private static boolean isPipeOrSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().matches("(pipe|socket):.*");
    } catch (IOException closed) {
      return false;
    }
  }
}
