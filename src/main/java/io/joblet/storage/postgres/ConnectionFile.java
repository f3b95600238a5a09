package io.joblet.storage.postgres;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Tells people how to reach the database, and the next start which port this one had. */
record ConnectionFile(Path file) {

  void write(int port, PostgresDirectory directory) throws IOException {
    Durable.write(
        file,
        """
        # The database of joblet-storage, as of its last start. The passwords are in
        # %3$s.
        url=%1$s
        user=%4$s
        psql=PGPASSFILE=%3$s psql -h 127.0.0.1 -p %2$d -U %4$s %5$s
        # Reports only, where joblet.database.report-access is on:
        report=PGPASSFILE=%6$s psql -h 127.0.0.1 -p %2$d -U %7$s %5$s
        """
            .formatted(
                url(port),
                port,
                directory.passwords(),
                Passwords.OWNER,
                Bootstrap.DATABASE,
                directory.reportPassword(),
                ReportRole.NAME),
        "rw-------");
  }

  /** 0 if there is none, or none that makes sense. */
  int lastPort() throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      String url = properties.getProperty("url", "");
      return url.startsWith("jdbc:") ? Math.max(0, URI.create(url.substring(5)).getPort()) : 0;
    } catch (IllegalArgumentException edited) {
      return 0;
    }
  }

  static String url(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + Bootstrap.DATABASE;
  }
}
