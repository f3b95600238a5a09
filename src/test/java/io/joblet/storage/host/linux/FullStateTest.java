package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MakeJobCgroup;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.JobLimits;
import io.joblet.storage.host.JobProcess;
import io.joblet.storage.host.JobProcesses.Ending;
import io.joblet.storage.host.JobProcesses.Supervisor;
import io.joblet.storage.host.JobRoot;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs where the file system of their output and of their end has no room. */
class FullStateTest {
  private static final long MIB = 1 << 20;

  /** How often: what is left is left by chance. */
  private static final int OFTEN = 40;

  private final HostFixture fixture = HostFixture.open("directory");
  private final UUID id = UUID.randomUUID();
  private final ManagedPath directory = fixture.job("j");
  private final ManagedPath state = ManagedPath.of(ManagedRoot.RUNS, id.toString());
  private LinuxHost host = fixture.host();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Of its inodes two are the top's and the job's directory. */
  private void outputOn(String options) {
    Shell.ok(
        "mount",
        "-t",
        "tmpfs",
        "-o",
        options,
        "joblet-test",
        fixture.settings().runsDirectory().toString());
    host = fixture.reopen();
    host.apply(new MakeDirectory(directory, 0755));
    host.apply(new MakeDirectory(state, 0700));
  }

  private MountJobRoot root() {
    return new MountJobRoot(
        directory, new JobRoot(JobRoot.Userland.HOST, Optional.empty(), MIB, MIB, 65534, 65534));
  }

  private JobProcess command(String... arguments) {
    return new JobProcess(
        id, directory, "j", List.of(arguments), Map.of(), "/work", 65534, 65534, MIB, MIB);
  }

  @Test
  void withoutAFileForItsOutputAJobIsRefusedAndItsRootIsFree() {
    outputOn("size=64k,nr_inodes=2");
    isRefused("cannot open the log");
  }

  @Test
  void withoutAFileForItsEndAJobIsRefusedAndItsRootIsFree() {
    outputOn("size=64k,nr_inodes=3");
    isRefused("cannot make the record of its end");
  }

  private void isRefused(String why) {
    MakeJobCgroup cgroup = new MakeJobCgroup(id, new JobLimits(JobLimits.DEFAULT_PROCESSES, 0));
    for (int i = 0; i < OFTEN; i++) {
      host.apply(root());
      host.apply(cgroup);
      try (Supervisor supervisor = Supervising.of(host, command("true"))) {
        assertThatThrownBy(supervisor::await)
            .isInstanceOf(HostException.class)
            .hasMessageContaining(why);
      }
      host.undo(cgroup);
      host.undo(root());
      host.jobs().forget(id);
      host.apply(new MakeDirectory(state, 0700));
    }
  }

  @Test
  void howAJobEndedIsKnownThoughItsOutputHasFilledTheDisk() throws Exception {
    outputOn("size=64k");
    host.apply(root());
    CountDownLatch ended = new CountDownLatch(1);
    try (Supervisor supervisor = Supervising.of(host, command("sh", "-c", "seq 40000; exit 7"))) {
      supervisor.release();
      host.jobs().onEnd(supervisor.identity(), ended::countDown);
    }
    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();

    Ending ending = host.jobs().ending(id).orElseThrow();
    assertThat(ending.exitCode()).contains(7);
    assertThat(ending.lostBytes()).isBetween(1L, 40_000L * 6);
  }

  @Test
  void whoseRecordSaysNothingHasEndedUnseen() {
    for (String torn : List.of("", "\n", "exit", "exit x\n", "signal\n", "what 1\n", "failed 5")) {
      assertThat(ExitRecord.parse(torn)).as(torn).isEmpty();
    }
    assertThat(ExitRecord.parse("exit 0\n\n\n").orElseThrow().lostBytes()).isZero();
    assertThat(ExitRecord.parse("signal 9\nlost 12\n\n").orElseThrow())
        .isEqualTo(new Ending(Optional.empty(), Optional.of(9), Optional.empty(), 12));
  }
}
