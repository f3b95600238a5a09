package io.joblet.storage.host.linux;

import static org.awaitility.Awaitility.await;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.LimitJobIo;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MakeJobCgroup;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.JobLimits;
import io.joblet.storage.host.JobLog;
import io.joblet.storage.host.JobProcess;
import io.joblet.storage.host.JobProcesses.Ending;
import io.joblet.storage.host.JobProcesses.Supervisor;
import io.joblet.storage.host.JobRoot;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A job of a test with its root, and what is done to it; {@link #close} ends it in any case. */
final class TestJob implements AutoCloseable {
  private static final long MIB = 1 << 20;

  private final HostFixture fixture;
  private final UUID id = UUID.randomUUID();
  private final String name;
  private Optional<ProcessIdentity> supervisor = Optional.empty();

  TestJob(HostFixture fixture, String name) {
    this.fixture = fixture;
    this.name = name;
    ManagedPath directory = fixture.job(name);
    fixture.host().apply(new MakeDirectory(directory, 0755));
    fixture.host().apply(new MakeDirectory(ManagedPath.of(ManagedRoot.RUNS, id.toString()), 0700));
    fixture
        .host()
        .apply(
            new MountJobRoot(
                directory,
                new JobRoot(JobRoot.Userland.HOST, Optional.empty(), MIB, MIB, 65534, 65534)));
  }

  UUID id() {
    return id;
  }

  ProcessIdentity supervisor() {
    return supervisor.orElseThrow();
  }

  MakeJobCgroup cgroup(long processes) {
    return new MakeJobCgroup(id, new JobLimits(processes, 0));
  }

  LimitJobIo limit(ManagedPath volume, IoLimits limits) {
    return limit(volume.toString(), volume, limits);
  }

  /** Of one of several attachments of the volume. */
  LimitJobIo limit(String attachment, ManagedPath volume, IoLimits limits) {
    UUID which = UUID.nameUUIDFromBytes(attachment.getBytes(StandardCharsets.UTF_8));
    return new LimitJobIo(id, which, volume, limits);
  }

  /** Lifts whatever limit the volume has. */
  void lift(ManagedPath volume) {
    fixture.host().undo(limit(volume, IoLimits.NONE));
  }

  /** Shows the volume at {@code /volumes/at}. */
  void attach(ManagedPath volume, String at) {
    ManagedPath target = fixture.job(name + "/volumes/" + at);
    fixture.host().apply(new MakeDirectory(target, 0755));
    fixture.host().apply(new BindMount(volume, target, false));
  }

  void start(String script) {
    JobProcess process =
        new JobProcess(
            id,
            fixture.job(name),
            name,
            List.of("sh", "-c", script),
            Map.of(),
            "/work",
            65534,
            65534,
            MIB,
            4 * MIB);
    try (Supervisor prepared = Supervising.of(fixture.host(), process)) {
      supervisor = Optional.of(prepared.identity());
      prepared.release();
    }
  }

  String output() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JobLog log = fixture.host().jobs().log(id, false).orElseThrow()) {
      for (List<JobLog.Entry> some = log.next(); !some.isEmpty(); some = log.next()) {
        some.forEach(entry -> bytes.writeBytes(entry.bytes()));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  Ending ending() {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> fixture.host().jobs().ending(id).isPresent());
    return fixture.host().jobs().ending(id).orElseThrow();
  }

  @Override
  public void close() {
    supervisor.ifPresent(process -> {
      fixture.host().jobs().signal(process, 9);
      await().atMost(Duration.ofSeconds(60)).until(() -> !fixture.host().alive(process));
    });
  }
}
