package io.joblet.storage.faults;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.awaitility.Awaitility.await;

import io.joblet.storage.postgres.SharedPrograms;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything one daemon has, below one directory: state, pool, database, jobs, socket. Survives its
 * daemons; {@link #close} ends what is left of them, takes their cgroups away and unmounts all that
 * is below.
 */
final class Installation implements AutoCloseable {
  private static final Path APP = Path.of("target", "quarkus-app");
  private static final Path OPTIONS = Path.of("packaging", "jvm.options");

  /** Volumes are plain directories, and the file system that is there is used as it is. */
  static final String DIRECTORIES = "-Djoblet.filesystem.provider=directory";

  private final Path directory;
  private Path app = APP;

  private final List<String> settings;
  private final List<Running> started = new ArrayList<>();

  Installation(Path directory, String... settings) throws IOException {
    this.directory = directory;
    this.settings = List.of(settings);
    letThrough(directory);
    makeEtc();
    if (!Files.exists(postgres())) {
      SharedPrograms.into(postgres());
    }
  }

  /** Its first start does all that a user's does: it unpacks PostgreSQL too. */
  Installation untouched() throws IOException, InterruptedException {
    Shell.run("rm", "-r", directory.resolve("state").toString());
    return this;
  }

  /** With its passwords and logs; whoever starts next need not unpack the programs again. */
  void loseDatabase() throws IOException, InterruptedException {
    Shell.run("rm", "-r", postgres().toString());
    SharedPrograms.into(postgres());
  }

  /**
   * What jobs are shown as theirs: one of each kind. A host's own has hundreds of entries, and each
   * would be some places to be killed at, all alike.
   */
  private void makeEtc() throws IOException {
    if (Files.exists(etc())) {
      return;
    }
    Path certificates = Files.createDirectories(etc().resolve("ssl/certs"));
    Files.writeString(certificates.resolve("one.pem"), "");
    Files.createSymbolicLink(certificates.resolve("one.0"), Path.of("one.pem"));
    Files.writeString(etc().resolve("resolv.conf"), "nameserver 192.0.2.1\n");
    Files.copy(Path.of("/etc/ld.so.cache"), etc().resolve("ld.so.cache"));
  }

  private Path etc() {
    return directory.resolve("etc");
  }

  /** The embedded PostgreSQL's own user passes through here. */
  static void letThrough(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, fromString("rwx--x--x"));
  }

  /** Of the daemons that are started from now on, another program than the build's. */
  void use(Path directoryOfProgram) {
    app = directoryOfProgram;
  }

  Path directory() {
    return directory;
  }

  Path volumes() {
    return directory.resolve("state/volumes");
  }

  Path jobs() {
    return directory.resolve("jobs");
  }

  Path postgres() {
    return directory.resolve("state/postgres");
  }

  /** Output and exit records of jobs, a directory for each by its id. */
  Path runs() {
    return directory.resolve("state/jobs");
  }

  /** Of the program that supervises jobs. */
  Path shim() {
    return directory.resolve("state/shim");
  }

  /** Whether its volumes are in a pool; else in a directory of the host's file system. */
  boolean hasPool() {
    return !settings.contains(DIRECTORIES);
  }

  Path poolImage() {
    return directory.resolve("state/pool.btrfs");
  }

  Path socket() {
    return directory.resolve("run/s");
  }

  /** What all its daemons have written. */
  String output() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  /** Returns when the daemon serves. */
  Running start(String... more) throws IOException {
    return awaitUp(launch(List.of(), more));
  }

  /**
   * Does not wait.
   *
   * @param before words in front of the command, for a tracer
   */
  Running launch(List<String> before, String... more) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + OPTIONS);
    Path cache = app.resolve("app.aot");
    command.add(Files.exists(cache) ? "-XX:AOTCache=" + cache : "-XX:TieredStopAtLevel=1");
    command.addAll(
        List.of(
            "-Djoblet-storage.settings=" + directory.resolve("none"),
            "-Djoblet.state-directory=" + directory.resolve("state"),
            "-Djoblet.volumes-directory=" + volumes(),
            "-Djoblet.jobs-directory=" + jobs(),
            "-Djoblet.run-directory=" + directory.resolve("run"),
            "-Djoblet.socket=" + socket(),
            "-Djoblet.job.etc=" + etc(),
            "-Djoblet.pool.size=512MiB",
            "-Djoblet.pool.reserve=16MiB"));
    command.addAll(settings);
    command.addAll(List.of(more));
    command.addAll(List.of("-jar", app.resolve("quarkus-run.jar").toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("out").toFile()))
            .start();
    Running running = new Running(process, socket());
    started.add(running);
    return running;
  }

  Running awaitUp(Running running) throws IOException {
    if (!comesUp(running)) {
      throw new AssertionError("the daemon ended: " + lastLines());
    }
    return running;
  }

  /** Waits until the daemon serves, or has ended: then false. */
  boolean comesUp(Running running) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !running.process().isAlive() || answers());
    return running.process().isAlive();
  }

  private boolean answers() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket()));
    } catch (IOException notYet) {
      return false;
    }
  }

  String lastLines() throws IOException {
    String output = output();
    return output.substring(Math.max(0, output.length() - 4000));
  }

  /** A killed daemon's PostgreSQL still works for a moment. */
  void awaitDatabaseEnd() {
    awaitDatabaseEnd(postgres().resolve("data"));
  }

  void awaitDatabaseEnd(Path data) {
    await().atMost(Duration.ofMinutes(1)).until(() -> workingIn(data).isEmpty());
  }

  static List<Long> workingIn(Path place) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(p -> p.getFileName().toString().chars().allMatch(Character::isDigit))
          .filter(p -> isIn(p, place))
          .map(p -> Long.valueOf(p.getFileName().toString()))
          .toList();
    }
  }

  private static boolean isIn(Path process, Path place) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(place);
    } catch (IOException noProcess) {
      return false;
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    close(directory.resolve("state"));
  }

  /** Kills its daemons; what they mounted stays. */
  void end() throws InterruptedException {
    for (Running running : started) {
      running.close();
    }
  }

  /** For a state directory that is somewhere else. */
  void close(Path state) throws IOException, InterruptedException {
    end();
    Supervisors.end(state.resolve("jobs"));
    Cgroups.remove(volumes());
    awaitDatabaseEnd(state.resolve("postgres/data"));
    Mounts.unmountAll(directory);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> {
          if (!Mounts.backingFiles(directory).isEmpty()) {
            throw new AssertionError("still in use: " + Mounts.backingFiles(directory));
          }
        });
  }
}
