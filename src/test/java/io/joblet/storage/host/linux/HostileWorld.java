package io.joblet.storage.host.linux;

import static org.awaitility.Awaitility.await;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.JobLog;
import io.joblet.storage.host.JobProcess;
import io.joblet.storage.host.JobProcesses.Supervisor;
import io.joblet.storage.host.JobRoot;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A host with a canary that everybody on it can read, a bait, another job's secret, and jobs whose
 * volumes hold whatever root of the host can leave there for an attacker.
 */
final class HostileWorld implements AutoCloseable {
  static final long MIB = 1 << 20;
  static final long WORK = 4 * MIB;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final HostFixture fixture;
  final LinuxHost host;
  final Bait bait;
  private final Map<String, String> known = new HashMap<>();
  private final List<ProcessIdentity> started = new ArrayList<>();

  HostileWorld(String provider) {
    fixture = HostFixture.open(provider);
    host = fixture.host();
    try {
      fixture.letOthersThrough();
      Path canary = Files.createDirectory(fixture.directory().resolve("canary"));
      bait = new Bait(canary);
      Files.writeString(canary.resolve("secret"), bait.secret);
      Shell.ok("chmod", "-R", "a+rX", canary.toString());
      known.putAll(bait.known());
      known.put("CANARY", canary.resolve("secret").toString());
      known.put("CANARY_DIRECTORY", canary.toString());
      known.put("HOSTDIR", fixture.directory().toString());
      known.put("HANDLE", Shell.ok(Attacker.program().toString(), "handle", known.get("CANARY")));
      known.put("NODENAME", Shell.ok("uname", "-n"));
      known.put("WORK_BYTES", Long.toString(WORK));
      known.put("TMP_BYTES", Long.toString(WORK));
      known.put("SHM_BYTES", Long.toString(MIB));
      known.put("OTHER", otherJob().toString());
      known.put("DISK", prepare(box("data")));
      prepare(box("readonly"));
      for (String name : List.of("proc", "work", "tmp", "etc", "volumes")) {
        box(name);
      }
      Files.writeString(fixture.directory().resolve("box/etc/passwd"), "of a box\n");
    } catch (IOException e) {
      fixture.close();
      throw new UncheckedIOException(e);
    }
  }

  private Path box(String name) throws IOException {
    Path made = Files.createDirectories(fixture.directory().resolve("box").resolve(name));
    Shell.ok("chmod", "755", made.getParent().toString());
    Shell.ok("chmod", "777", made.toString());
    return made;
  }

  private Path otherJob() throws IOException {
    ManagedPath other = fixture.job("other");
    host.apply(new MakeDirectory(other, 0755));
    host.apply(root(other, 65534));
    Path secret = fixture.real(other).resolve("work/secret");
    Files.writeString(secret, bait.secret);
    Shell.ok("chmod", "644", secret.toString());
    return secret;
  }

  private static MountJobRoot root(ManagedPath directory, long uid) {
    return new MountJobRoot(
        directory, new JobRoot(JobRoot.Userland.HOST, Optional.empty(), WORK, WORK, uid, uid));
  }

  /** Fills a directory of the host with links, device nodes and privileged files. */
  String prepare(Path directory) {
    return run(Map.of(), "prepare", directory.toString());
  }

  /** Runs attacks in a weak box; see src/test/c/box.c. */
  String weak(String kind, String... attacks) {
    String box = fixture.directory().resolve("box").toString();
    String top = kind.equals("bare") ? box : "";
    List<String> arguments = new ArrayList<>(List.of("box", kind, box));
    arguments.addAll(List.of(attacks));
    return run(
        Map.of("VOLUME", top + "/data", "READONLY", top + "/readonly", "SCRATCH", top + "/work"),
        arguments.toArray(String[]::new));
  }

  /** An attack by uid 65534 on the host itself, with a volume of its own. */
  String asNobody(Path volume, String attack) {
    return run(
        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
        Map.of("VOLUME", volume.toString()),
        attack);
  }

  private String run(Map<String, String> more, String... arguments) {
    return run(List.of(), more, arguments);
  }

  private String run(List<String> prefix, Map<String, String> more, String... arguments) {
    try {
      List<String> command = new ArrayList<>(prefix);
      command.add(Attacker.program().toString());
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(known);
      builder.environment().putAll(more);
      Process process = builder.start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      process.waitFor();
      return new String(output, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A running job whose command is the attacker, with a volume and a read-only one. */
  final class Job {
    final UUID id = UUID.randomUUID();
    final ManagedPath directory = fixture.job(id.toString());
    final MountJobRoot root;
    final List<BindMount> volumes;
    final ProcessIdentity supervisor;

    Job(long uid, String... attack) {
      root = root(directory, uid);
      host.apply(new MakeDirectory(directory, 0755));
      host.apply(new MakeDirectory(ManagedPath.of(ManagedRoot.RUNS, id.toString()), 0700));
      host.apply(root);
      volumes = List.of(volume("data", uid, false), volume("readonly", uid, true));
      List<String> command = new ArrayList<>(List.of("/data/attack"));
      command.addAll(List.of(attack));
      Map<String, String> environment = new HashMap<>(known);
      environment.putAll(Map.of("VOLUME", "/data", "READONLY", "/readonly", "SCRATCH", "/work"));
      try (Supervisor prepared =
          Supervising.of(
              host,
              new JobProcess(
                  id, directory, "j", command, environment, "/work", uid, uid, MIB, 4 * MIB))) {
        started.add(prepared.identity());
        prepared.release();
        supervisor = prepared.identity();
      }
    }

    private BindMount volume(String name, long uid, boolean readOnly) {
      ManagedPath volume = fixture.volume(name + "-" + id);
      host.apply(new MakeDirectory(volume, 0755));
      prepare(fixture.real(volume));
      Shell.ok("chown", uid + ":" + uid, fixture.real(volume).toString());
      BindMount bind = new BindMount(volume, directory.resolve(name), readOnly);
      host.apply(new MakeDirectory(bind.target(), 0755));
      host.apply(bind);
      return bind;
    }

    Path real(String inJob) {
      return fixture.real(directory).resolve(inJob);
    }

    String output() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (JobLog log = host.jobs().log(id, false).orElseThrow()) {
        for (List<JobLog.Entry> some = log.next(); !some.isEmpty(); some = log.next()) {
          some.forEach(entry -> bytes.writeBytes(entry.bytes()));
        }
      }
      return bytes.toString(StandardCharsets.UTF_8);
    }

    String outputInTheEnd() {
      await().atMost(PATIENCE).until(() -> host.jobs().ending(id).isPresent());
      return output();
    }

    /** As a user would stop it, with everything in it. */
    void kill() {
      host.jobs().signal(supervisor, 9);
      await().atMost(PATIENCE).until(() -> !host.alive(supervisor));
    }

    /** Ours are gone before it returns; a process that was left would keep them busy. */
    void unmount() {
      volumes.forEach(host::undo);
      host.undo(root);
    }
  }

  /** Whatever state its supervisor is in, and without its help. */
  private static void end(ProcessIdentity supervisor) {
    Processes processes = new Processes();
    try (PidDescriptor process = PidDescriptor.open(supervisor, processes).orElse(null)) {
      if (process != null) {
        process.kill(9);
      }
    }
    await().atMost(PATIENCE).until(() -> !processes.alive(supervisor));
  }

  @Override
  public void close() {
    started.forEach(HostileWorld::end);
    bait.close();
    fixture.close();
  }
}
