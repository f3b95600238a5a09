package io.joblet.storage.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Sees to it that the data directory is there, fits this daemon, and is nobody else's. */
record DataDirectory(PostgresDirectory directory, Distribution distribution, int uid) {

  /** Refuses what it cannot use, and never changes it: somebody's rows are in there. */
  Passwords prepare() throws IOException, InterruptedException {
    Path data = directory.data();
    refuseHalfARestore();
    if (!Files.exists(data, LinkOption.NOFOLLOW_LINKS)) {
      Passwords passwords = Passwords.createOrRead(directory.passwords());
      new InitDb(directory, distribution, uid).run(passwords.of(Passwords.SUPERUSER));
      return passwords;
    }
    refuseAnotherMajor(data);
    refuseAnotherOwner(data);
    if (!Files.exists(directory.passwords())) {
      throw new PostgresException(
          "start PostgreSQL: "
              + data
              + " is there, but not "
              + directory.passwords()
              + " with its passwords; restore that file");
    }
    new Survivors(data).end();
    return Passwords.read(directory.passwords());
  }

  /** Without it an empty database would be made in the place of one that is put aside. */
  private void refuseHalfARestore() {
    if (Files.exists(directory.halfRestored(), LinkOption.NOFOLLOW_LINKS)) {
      throw new PostgresException(
          "start PostgreSQL: a restore was interrupted and has left "
              + directory.halfRestored()
              + "; call rnx admin restore again, or see docs/recovery.md");
    }
  }

  private void refuseAnotherOwner(Path data) throws IOException {
    int owner = Durable.owner(data);
    if (owner != uid) {
      throw new PostgresException(
          "start PostgreSQL: "
              + data
              + " belongs to uid "
              + owner
              + ", but joblet.database.embedded-uid is "
              + uid
              + "; set it back, or run chown -R "
              + uid
              + ":"
              + uid
              + " "
              + data
              + " while the daemon is stopped");
    }
  }

  private void refuseAnotherMajor(Path data) throws IOException {
    Path file = data.resolve("PG_VERSION");
    if (!Files.exists(file)) {
      throw new PostgresException(
          "start PostgreSQL: "
              + data
              + " is not a data directory, it has no PG_VERSION; remove it if it is empty, or see"
              + " docs/recovery.md");
    }
    String found = Files.readString(file).strip();
    if (!found.equals(distribution.major())) {
      throw new PostgresException(
          "start PostgreSQL: "
              + data
              + " was made by PostgreSQL "
              + found
              + ", this daemon brings "
              + distribution.major()
              + "; dump it with the daemon that made it and load it into a new one");
    }
  }
}
