package io.joblet.storage.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * A PostgreSQL server of the daemon's own.
 *
 * <p>{@link #start} unpacks the programs and makes the data directory where they are missing, ends
 * whatever a killed predecessor left running, and returns with a server that serves. From then on a
 * server that dies is started again on the same port. {@link #stop} shuts it down. When this
 * process dies in any other way, the kernel tells the server to shut down (see {@link
 * Unprivileged}); every acknowledged commit is there at the next start in any case.
 *
 * <p>Only 127.0.0.1 is listened on, only the two passwords in {@code pgpass} let anyone in, and the
 * files belong to a uid that should own nothing else. Needs root, and {@code setpriv}, {@code
 * unshare} and {@code mount} of util-linux. Methods may be called from any thread.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);

  private final DirectoryLock lock;
  private final Watcher watcher;
  private final DatabaseAccess access;
  private boolean stopped;

  private EmbeddedPostgres(DirectoryLock lock, Watcher watcher, DatabaseAccess access) {
    this.lock = lock;
    this.watcher = watcher;
    this.access = access;
  }

  /**
   * Starts the server, and makes first whatever is missing for it.
   *
   * @param directory made if missing, with mode 0711; all above it must let the uid pass
   * @param uid of the server's processes and files; need not be in /etc/passwd; not 0
   * @param limit for the server to become ready, recovery included
   * @throws PostgresException when it cannot be started, with the end of its log; nothing runs then
   */
  public static EmbeddedPostgres start(Path directory, int uid, Duration limit)
      throws InterruptedException {
    return start(directory, uid, limit, false);
  }

  /**
   * As {@link #start(Path, int, Duration)}.
   *
   * @param reportAccess whether the role {@code joblet_report} can log in; its password is then in
   *     {@code report.pgpass} in that directory
   */
  public static EmbeddedPostgres start(
      Path directory, int uid, Duration limit, boolean reportAccess) throws InterruptedException {
    if (uid <= 0) {
      throw new PostgresException("start PostgreSQL: it refuses to run as uid " + uid);
    }
    PostgresDirectory layout = new PostgresDirectory(directory);
    try {
      Durable.directories(layout.root().getParent(), PosixFilePermissions.fromString("rwx--x--x"));
      Durable.directory(layout.root(), "rwx--x--x", 0);
      DirectoryLock lock = DirectoryLock.take(layout.lock());
      try {
        return startLocked(layout, uid, limit, reportAccess, lock);
      } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
        closeAfter(e, lock);
        throw e;
      }
    } catch (PostgresException e) {
      throw new PostgresException(e.getMessage() + Passage.hint(layout, uid), e);
    } catch (IOException | SQLException e) {
      throw new PostgresException(
          "start PostgreSQL in "
              + layout.root()
              + ": "
              + e.getMessage()
              + Passage.hint(layout, uid),
          e);
    }
  }

  /** How to connect as the owner of the database {@code joblet}, which is not a superuser. */
  public DatabaseAccess access() {
    return access;
  }

  /** Of the postmaster that runs now; another one after a restart. */
  public long pid() {
    return watcher.pid();
  }

  /** Fast shutdown; returns when the server is gone. A second call does nothing. */
  public synchronized void stop() throws InterruptedException {
    if (stopped) {
      return;
    }
    try {
      watcher.stop();
      lock.close();
      stopped = true;
    } catch (IOException e) {
      throw new PostgresException("stop PostgreSQL: " + e.getMessage(), e);
    }
  }

  /** {@link #stop}, for try-with-resources. */
  @Override
  public void close() throws InterruptedException {
    stop();
  }

  private static EmbeddedPostgres startLocked(
      PostgresDirectory directory,
      int uid,
      Duration limit,
      boolean reportAccess,
      DirectoryLock lock)
      throws IOException, SQLException, InterruptedException {
    long began = System.nanoTime();
    Distribution distribution = Distribution.unpack(directory);
    Passwords passwords = new DataDirectory(directory, distribution, uid).prepare();
    new LogDirectory(directory.logs()).prepare(uid);
    ConnectionFile connection = new ConnectionFile(directory.connection());
    int port = Port.free(connection.lastPort());
    ServerConfiguration.write(directory, port);
    Watcher watcher = new Watcher(directory, distribution, uid, limit);
    try {
      DatabaseAccess owner = access(ConnectionFile.url(port), Passwords.OWNER, passwords);
      String maintenance = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
      DatabaseAccess superuser = access(maintenance, Passwords.SUPERUSER, passwords);
      DatabaseAccess superuserThere =
          access(ConnectionFile.url(port), Passwords.SUPERUSER, passwords);
      ReportRole reports =
          new ReportRole(superuser, superuserThere, directory.reportPassword(), reportAccess);
      new Bootstrap(owner, superuser, reports).run();
      connection.write(port, directory);
      watcher.watch();
      LOG.infof(
          "PostgreSQL %s serves 127.0.0.1:%d from %s after %d ms",
          distribution.version(), port, directory.data(), (System.nanoTime() - began) / 1_000_000);
      return new EmbeddedPostgres(lock, watcher, owner);
    } catch (IOException | SQLException | RuntimeException e) {
      closeAfter(e, watcher::stop);
      throw e;
    }
  }

  /**
   * While the server is down any local process could listen on its port: requireAuth keeps the
   * driver from giving the password to one that asks for it in the clear.
   */
  private static DatabaseAccess access(String url, String user, Passwords passwords) {
    return new DatabaseAccess(
        url,
        Optional.of(user),
        Optional.of(passwords.of(user)),
        Map.of("requireAuth", "scram-sha-256", "sslmode", "disable", "gssEncMode", "disable"));
  }

  private static void closeAfter(Exception failure, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}
