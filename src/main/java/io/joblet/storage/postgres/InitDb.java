package io.joblet.storage.postgres;

import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the data directory: wholly there after {@link #run}, or not at all. */
final class InitDb {
  /** As root, in a mount namespace of its own, so the host never sees the other passwd. */
  private static final String WITH_PASSWD =
      "mount -n --bind \"$1\" /etc/passwd && shift && exec \"$@\"";

  private final PostgresDirectory directory;
  private final Distribution distribution;
  private final int uid;

  InitDb(PostgresDirectory directory, Distribution distribution, int uid) {
    this.directory = directory;
    this.distribution = distribution;
    this.uid = uid;
  }

  /**
   * Works in a directory beside the final one and renames it; initdb syncs what it wrote itself.
   * After a crash the leftovers go at the next call. The caller holds the {@link DirectoryLock}.
   */
  void run(String superuserPassword) throws IOException, InterruptedException {
    Path fresh = directory.fresh();
    Durable.deleteTree(fresh);
    Durable.directory(fresh, "rwx------", 0);
    Path password = write(fresh.resolve("password"), superuserPassword, "r--------");
    Durable.own(password, uid);
    Path passwd = write(fresh.resolve("passwd"), passwd(), "r--r--r--");
    Durable.own(fresh, uid);
    execute(fresh, password, passwd);
    Durable.publish(fresh.resolve("data"), directory.data());
    Durable.deleteTree(fresh);
  }

  private void execute(Path fresh, Path password, Path passwd)
      throws IOException, InterruptedException {
    Path output = directory.startLog();
    int status =
        Unprivileged.start(uid, privately(passwd), command(fresh, password), output).waitFor();
    if (status != 0) {
      String said = LogTail.of(List.of(output));
      Durable.deleteTree(fresh);
      throw new PostgresException(
          "initialise PostgreSQL in " + directory.data() + " failed; " + said);
    }
  }

  private List<String> command(Path fresh, Path password) {
    return List.of(
        distribution.program("initdb").toString(),
        "--pgdata=" + fresh.resolve("data"),
        "--username=" + Passwords.SUPERUSER,
        "--pwfile=" + password,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions");
  }

  /** initdb wants a name for its uid (getpwuid(3)); the host's passwd need not have one. */
  private static List<String> privately(Path passwd) {
    return List.of(
        "unshare",
        "--mount",
        "--propagation=private",
        "sh",
        "-c",
        WITH_PASSWD,
        "sh",
        passwd.toString());
  }

  private String passwd() {
    return "joblet-postgres:x:" + uid + ":" + uid + "::/:/bin/false\nroot:x:0:0::/:/bin/sh\n";
  }

  private static Path write(Path file, String content, String mode) throws IOException {
    Durable.write(file, content, mode);
    Files.setPosixFilePermissions(file, fromString(mode));
    return file;
  }
}
