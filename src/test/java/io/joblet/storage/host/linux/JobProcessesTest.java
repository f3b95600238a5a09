package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.JobLog;
import io.joblet.storage.host.JobProcess;
import io.joblet.storage.host.JobProcesses.Ending;
import io.joblet.storage.host.JobProcesses.Supervisor;
import io.joblet.storage.host.JobRoot;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobProcessesTest {
  private static final long MIB = 1 << 20;

  private final HostFixture fixture = HostFixture.open("directory");
  private final LinuxHost host = fixture.host();
  private final UUID id = UUID.randomUUID();
  private final ManagedPath directory = fixture.job("j");
  private final List<ProcessIdentity> started = new ArrayList<>();
  private MountJobRoot root = rootOwnedBy(65534);

  @BeforeEach
  void makeDirectories() {
    host.apply(new MakeDirectory(directory, 0755));
    host.apply(new MakeDirectory(ManagedPath.of(ManagedRoot.RUNS, id.toString()), 0700));
    host.apply(root);
  }

  @AfterEach
  void close() {
    started.forEach(s -> host.jobs().signal(s, 9));
    started.forEach(s -> await().until(() -> !host.alive(s)));
    fixture.close();
  }

  private MountJobRoot rootOwnedBy(long uid) {
    return new MountJobRoot(
        directory, new JobRoot(JobRoot.Userland.HOST, Optional.empty(), MIB, 4 * MIB, uid, uid));
  }

  private JobProcess command(long uid, String... arguments) {
    return new JobProcess(
        id,
        directory,
        "j",
        List.of(arguments),
        Map.of("A", "b c"),
        "/work",
        uid,
        uid,
        MIB,
        4 * MIB);
  }

  private ProcessIdentity begin(JobProcess process) {
    try (Supervisor prepared = Supervising.of(host, process)) {
      started.add(prepared.identity());
      prepared.release();
      return prepared.identity();
    }
  }

  private Ending run(long uid, String... arguments) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    host.jobs().onEnd(begin(command(uid, arguments)), ended::countDown);
    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    return host.jobs().ending(id).orElseThrow();
  }

  private String shell(long uid, String script) throws Exception {
    Ending ending = run(uid, "sh", "-c", script);
    assertThat(ending.failure()).isEmpty();
    return output(false) + output(true) + "exit " + ending.exitCode().orElse(-1) + "\n";
  }

  private String output(boolean error) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JobLog log = host.jobs().log(id, false).orElseThrow()) {
      for (List<JobLog.Entry> some = log.next(); !some.isEmpty(); some = log.next()) {
        some.stream().filter(e -> e.error() == error).forEach(e -> bytes.writeBytes(e.bytes()));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void keepsBothStreamsAndTheExitCode() throws Exception {
    assertThat(
            shell(
                65534,
                "echo out; echo err >&2; printf 'no end'; echo \"$A\" > /dev/stderr; exit 7"))
        .isEqualTo("out\nno enderr\nb c\nexit 7\n");
  }

  @Test
  void saysWhichSignalEndedIt() throws Exception {
    Ending ending = run(65534, "sh", "-c", "kill -9 $$");
    assertThat(ending).isEqualTo(new Ending(Optional.empty(), Optional.of(9), Optional.empty(), 0));
  }

  @Test
  void aCommandThatIsNotThereIsRefusedAndLeavesNothing() {
    assertThatThrownBy(() -> begin(command(65534, "no-such-command")))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("cannot execute 'no-such-command'")
        .satisfies(e -> assertThat(((HostException) e).errno()).isEqualTo("ENOENT"));
    host.undo(root);
    assertThat(host.mounts()).noneMatch(m -> m.target().contains("/jobs/j"));
  }

  @Test
  void nothingRunsWithoutTheWord() {
    try (Supervisor prepared = Supervising.of(host, command(65534, "touch", "/work/ran"))) {
      started.add(prepared.identity());
    }
    assertThat(fixture.real(directory).resolve("work/ran")).doesNotExist();
    assertThat(host.jobs().ending(id).orElseThrow().failure())
        .hasValue("the daemon ended before the job was started");
  }

  @Test
  void isNobodyWithoutAnyCapability() throws Exception {
    assertThat(
            shell(
                65534,
                "id -u; id -g; grep -E 'Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp:' /proc/self/status"))
        .isEqualTo(
            """
            65534
            65534
            CapPrm:\t0000000000000000
            CapEff:\t0000000000000000
            CapBnd:\t0000000000000000
            CapAmb:\t0000000000000000
            NoNewPrivs:\t1
            Seccomp:\t2
            exit 0
            """);
  }

  @Test
  void rootHasTheDocumentedCapabilitiesOnly() throws Exception {
    assertThat(shell(0, "grep -E 'Cap(Prm|Eff|Bnd)' /proc/self/status"))
        .isEqualTo(
            """
            CapPrm:\t00000000000000fb
            CapEff:\t00000000000000fb
            CapBnd:\t00000000000000fb
            exit 0
            """);
  }

  @Test
  void seesItsOwnRootAndNothingElse() throws Exception {
    assertThat(shell(0, "ls /; ls /dev; hostname; ls -d /sys /proc/1; echo /proc/[0-9]*"))
        .startsWith(
            """
            bin
            dev
            etc
            lib
            lib64
            proc
            sbin
            tmp
            usr
            volumes
            work
            fd
            full
            null
            ptmx
            pts
            random
            shm
            stderr
            stdin
            stdout
            tty
            urandom
            zero
            j
            /proc/1
            """)
        .contains("cannot access '/sys'");
    String mounts = shellAgain(0, "cat /proc/self/mountinfo");
    assertThat(mounts).doesNotContain(fixture.directory().toString());
    assertThat(mounts.lines().filter(l -> l.contains(" / "))).isNotEmpty();
    assertThat(mounts.lines().filter(l -> !l.startsWith("exit")))
        .allMatch(l -> l.contains("nosuid"));
  }

  /** The same job once more; its first log is gone. */
  private String shellAgain(long uid, String script) throws Exception {
    host.jobs().forget(id);
    host.apply(new MakeDirectory(ManagedPath.of(ManagedRoot.RUNS, id.toString()), 0700));
    return shell(uid, script);
  }

  @Test
  void itsWorkDirectoryHasTheSizeAskedFor() throws Exception {
    assertThat(
            shell(
                65534,
                "head -c 2000000 /dev/zero > big; wc -c < big; touch /x; touch /usr/x; touch /etc/x"))
        .contains("1048576\n", "No space left", "cannot touch '/x'", "'/usr/x'", "'/etc/x'");
  }

  @Test
  void volumesComeAndGoWhileItRuns() throws Exception {
    ManagedPath volume = fixture.volume("v");
    host.apply(new MakeDirectory(volume, 0777));
    Files.writeString(fixture.real(volume).resolve("hello"), "hello\n");
    final ProcessIdentity supervisor =
        begin(
            command(
                65534,
                "sh",
                "-c",
                "until [ -e /data/hello ]; do sleep 0.01; done; exec 3</data/hello; cat /data/hello; "
                    + "until [ -e /work/go ]; do sleep 0.01; done; exec 3<&-; echo closed; "
                    + "while [ -e /data/hello ]; do sleep 0.01; done; echo gone; sleep 600"));
    ManagedPath target = fixture.job("j/data");
    BindMount bind = new BindMount(volume, target, true);
    host.apply(new MakeDirectory(target, 0755));
    host.apply(bind);
    await().until(() -> output(false).equals("hello\n"));
    assertThatThrownBy(() -> host.undo(bind))
        .isInstanceOf(HostException.class)
        .satisfies(e -> assertThat(((HostException) e).busy()).isTrue());
    Files.writeString(fixture.real(directory).resolve("work/go"), "");
    await().until(() -> output(false).equals("hello\nclosed\n"));
    host.undo(bind);
    await().until(() -> output(false).equals("hello\nclosed\ngone\n"));
    assertThat(host.jobs().signal(supervisor, 15)).isTrue();
    await().until(() -> host.jobs().ending(id).isPresent());
    assertThat(host.jobs().ending(id).orElseThrow().signal()).hasValue(15);
    host.undo(root);
  }

  @Test
  void outlivesTheDaemonAndIsFoundAgain() {
    ProcessIdentity supervisor =
        begin(
            command(
                65534, "sh", "-c", "trap 'exit 3' USR1; echo up; while :; do sleep 0.05; done"));
    LinuxHost again = fixture.reopen();
    assertThat(again.alive(supervisor)).isTrue();
    CountDownLatch ended = new CountDownLatch(1);
    again.jobs().onEnd(supervisor, ended::countDown);
    await()
        .until(() -> {
          try (JobLog log = again.jobs().log(id, false).orElseThrow()) {
            return !log.next().isEmpty();
          }
        });
    assertThat(again.jobs().signal(supervisor, 10)).isTrue();
    await().until(() -> ended.getCount() == 0);
    assertThat(again.jobs().ending(id).orElseThrow().exitCode()).hasValue(3);
    again.undo(root);
    assertThat(again.mounts()).noneMatch(m -> m.target().contains("/jobs/j"));
    started.clear();
  }

  @Test
  void dyingOfItsSupervisorIsTheEndOfTheJob() throws Exception {
    ProcessIdentity supervisor = begin(command(65534, "sleep", "600"));
    Shell.ok("kill", "-9", Long.toString(supervisor.pid()));
    await().until(() -> !host.alive(supervisor));
    await().untilAsserted(() -> host.undo(root));
    assertThat(host.jobs().ending(id)).isEmpty();
  }

  @Test
  void aReaderWhoAsksForAllGetsAll() throws Exception {
    final JobLog[] reader = new JobLog[1];
    try (Supervisor prepared = Supervising.of(host, command(65534, "sh", "-c", "seq 1 2000000"))) {
      started.add(prepared.identity());
      prepared.await();
      reader[0] = host.jobs().log(id, true).orElseThrow();
      prepared.release();
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (JobLog log = reader[0]) {
      await()
          .atMost(java.time.Duration.ofSeconds(60))
          .pollInterval(java.time.Duration.ofMillis(5))
          .until(() -> {
            for (List<JobLog.Entry> some = log.next(); !some.isEmpty(); some = log.next()) {
              assertThat(some).noneMatch(JobLog.Entry::lost);
              some.forEach(e -> all.writeBytes(e.bytes()));
            }
            return host.jobs().ending(id).isPresent();
          });
      log.next().forEach(e -> all.writeBytes(e.bytes()));
    }
    String text = all.toString(StandardCharsets.US_ASCII);
    assertThat(text.lines().count()).isEqualTo(2_000_000);
    assertThat(text).endsWith("\n2000000\n");
  }

  @Test
  void outputIsBoundedWhenNobodyReads() throws Exception {
    run(65534, "sh", "-c", "seq 1 2000000");
    long kept;
    try (var files = Files.list(fixture.settings().runsDirectory().resolve(id.toString()))) {
      kept = files.mapToLong(f -> f.toFile().length()).sum();
    }
    assertThat(kept).isLessThan(5 * MIB);
    try (JobLog log = host.jobs().log(id, false).orElseThrow()) {
      assertThat(log.next().getFirst().lost()).isTrue();
    }
    assertThat(output(false)).endsWith("\n2000000\n");
  }

  @Test
  void aMinimalUserlandIsBusybox() throws Exception {
    host.undo(root);
    root =
        new MountJobRoot(
            directory, new JobRoot(JobRoot.Userland.MINIMAL, Optional.empty(), MIB, MIB, 0, 0));
    host.apply(root);
    assertThat(shell(0, "readlink /bin/ls; ls /usr/bin/awk; ls /"))
        .contains("busybox\n", "/usr/bin/awk\n");
  }

  @Test
  void aDirectoryOfTheHostCanBeTheRoot() throws Exception {
    host.undo(root);
    Path base = fixture.directory().resolve("image");
    Files.createDirectories(base.resolve("opt/tool"));
    Shell.ok(
        "cp",
        "-a",
        fixture.settings().jobsDirectory().resolve(".base").toString(),
        base.resolve("x").toString());
    for (String name : List.of("bin", "lib", "lib64")) {
      Files.createSymbolicLink(base.resolve(name), Path.of("usr/" + name));
    }
    Shell.ok(
        "sh",
        "-c",
        "mkdir "
            + base
            + "/usr && cp -a /usr/bin /usr/lib64 "
            + base
            + "/usr 2>/dev/null; mkdir -p "
            + base
            + "/usr/lib && cp -a /usr/lib/x86_64-linux-gnu "
            + base
            + "/usr/lib/");
    root =
        new MountJobRoot(
            directory,
            new JobRoot(JobRoot.Userland.DIRECTORY, Optional.of(base.toString()), MIB, MIB, 0, 0));
    host.apply(root);
    assertThat(shell(0, "ls -d /opt/tool; touch /opt/tool/x"))
        .contains("/opt/tool\n", "Read-only file system");
  }

  @Test
  void aRootThatWasHalfMadeIsMadeAnew() {
    Shell.ok("mount", "-o", "remount,bind,rw", fixture.real(directory).toString());
    Shell.ok("umount", fixture.real(directory).resolve("work").toString());
    host.apply(root);
    assertThat(
            host.mounts().stream()
                .filter(m -> m.target().startsWith(fixture.real(directory).toString())))
        .hasSize(6);
    host.undo(root);
    host.undo(root);
    assertThat(host.mounts()).noneMatch(m -> m.target().contains("/jobs/j"));
  }
}
