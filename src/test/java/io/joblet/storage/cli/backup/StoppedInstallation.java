package io.joblet.storage.cli.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A state directory whose database looks like one that was shut down, and rnx as a process. */
public record StoppedInstallation(Path state) {
  static final int UID = 64747;

  /** Makes one of which every file says whose it is. */
  public static StoppedInstallation make(Path state, String whose) throws IOException {
    StoppedInstallation made = new StoppedInstallation(state);
    Files.createDirectories(made.data().resolve("base/1"));
    Files.createDirectory(made.data().resolve("empty"));
    Files.createDirectory(made.data().resolve("global"));
    Files.write(made.data().resolve("base/1/2"), new byte[200_000]);
    Files.writeString(made.data().resolve("PG_VERSION"), "18\n");
    Files.writeString(made.data().resolve("global/pg_control"), whose);
    Files.writeString(made.passwords(), whose);
    Files.setAttribute(made.data(), "unix:uid", UID);
    return made;
  }

  public Path postgres() {
    return state.resolve("postgres");
  }

  public Path data() {
    return postgres().resolve("data");
  }

  Path passwords() {
    return postgres().resolve("pgpass");
  }

  Backups backups() {
    return new Backups(state);
  }

  /** Of the database in that directory and of its passwords: one word twice, or there is a mix. */
  static List<String> pair(Path directory) throws IOException {
    return List.of(
        Files.readString(directory.resolve("data/global/pg_control")),
        Files.readString(directory.resolve("pgpass")));
  }

  /** All there is, the lock aside. */
  List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(postgres())) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> !name.equals("lock"))
          .sorted()
          .toList();
    }
  }

  static int owner(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  /** What {@code rnx admin} says as a process of its own, behind a program that does it harm. */
  public String admin(List<String> harm, String command, Path file)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(harm);
    line.addAll(
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.joblet.storage.cli.Rnx",
            "admin",
            command,
            file.toString(),
            "--state-directory=" + state));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return said;
  }
}
