package io.joblet.storage.postgres;

import java.nio.file.Path;

/**
 * What lies where below the directory of the embedded PostgreSQL.
 *
 * @param root absolute; mode 0711 and root's own, so that the server's uid passes through and
 *     nobody lists it
 */
record PostgresDirectory(Path root) {

  PostgresDirectory {
    root = root.toAbsolutePath().normalize();
  }

  /** The data directory: 0700, the server's uid. */
  Path data() {
    return root.resolve("data");
  }

  /** Where initdb works until its result is renamed to {@link #data}. */
  Path fresh() {
    return root.resolve("data.new");
  }

  /** The binaries of one version, root's own. */
  Path distribution(String version) {
    return root.resolve("dist-" + version);
  }

  /** Where a restore keeps the former database until its own is in place. */
  Path halfRestored() {
    return root.resolve("restoring/former");
  }

  /** Rotated server logs: 0700, the server's uid. */
  Path logs() {
    return root.resolve("log");
  }

  /** What the server says before its log is open, of the last start only. */
  Path startLog() {
    return root.resolve("start.log");
  }

  Path serverConfiguration() {
    return root.resolve("server.conf");
  }

  Path clientAuthentication() {
    return root.resolve("hba.conf");
  }

  /** Both passwords, in the form libpq reads: 0600 root. */
  Path passwords() {
    return root.resolve("pgpass");
  }

  /** The password of those who read reports, in the same form: 0600 root; only while they may. */
  Path reportPassword() {
    return root.resolve("report.pgpass");
  }

  /** For people: how to connect; also remembers the port: 0600 root. */
  Path connection() {
    return root.resolve("connection");
  }

  Path lock() {
    return root.resolve("lock");
  }
}
