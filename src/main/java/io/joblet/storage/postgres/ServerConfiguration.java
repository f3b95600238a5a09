package io.joblet.storage.postgres;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The server's settings, root's own and written anew at each start: what an older daemon or the
 * server's uid left in the data directory does not count.
 */
final class ServerConfiguration {
  /**
   * Those who read reports get into their database and no other; the first line that fits counts.
   */
  private static final String WHO_GETS_IN =
      """
      host joblet joblet_report 127.0.0.1/32 scram-sha-256
      host all joblet_report 127.0.0.1/32 reject
      host all all 127.0.0.1/32 scram-sha-256
      """;

  private ServerConfiguration() {}

  static void write(PostgresDirectory directory, int port) throws IOException {
    Durable.write(directory.clientAuthentication(), WHO_GETS_IN, "rw-r--r--");
    Durable.write(
        directory.serverConfiguration(),
        settings(directory, port).entrySet().stream()
            .map(setting -> setting.getKey() + " = " + quoted(setting.getValue()) + "\n")
            .collect(Collectors.joining()),
        "rw-r--r--");
  }

  private static Map<String, String> settings(PostgresDirectory directory, int port) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("cluster_name", "joblet-storage");
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("port", Integer.toString(port));
    settings.put("unix_socket_directories", "");
    settings.put("hba_file", directory.clientAuthentication().toString());
    settings.put("password_encryption", "scram-sha-256");
    settings.put("allow_alter_system", "off");
    settings.put("max_connections", "100");
    // Ends statements whose client is gone; a killed daemon's would go on otherwise.
    settings.put("client_connection_check_interval", "5s");
    settings.put("fsync", "on");
    settings.put("synchronous_commit", "on");
    settings.put("full_page_writes", "on");
    settings.put("wal_compression", "on");
    settings.put("max_wal_size", "512MB");
    // Small tables on a host that is there for the jobs: few processes, little memory.
    settings.put("shared_buffers", "64MB");
    // Only reports sort and group more than a handful of rows.
    settings.put("work_mem", "16MB");
    settings.put("huge_pages", "off");
    settings.put("io_method", "sync");
    settings.put("jit", "off");
    settings.put("max_parallel_workers_per_gather", "0");
    settings.put("timezone", "UTC");
    settings.put("log_timezone", "UTC");
    settings.put("lc_messages", "C");
    settings.put("logging_collector", "on");
    settings.put("log_directory", directory.logs().toString());
    // One file per weekday, written over a week later.
    settings.put("log_filename", "postgresql-%a.log");
    settings.put("log_file_mode", "0600");
    settings.put("log_rotation_age", "1d");
    settings.put("log_rotation_size", "0");
    settings.put("log_truncate_on_rotation", "on");
    settings.put("log_min_messages", "warning");
    settings.put("log_checkpoints", "off");
    settings.put("log_line_prefix", "%m [%p] %q%u@%d %a ");
    return settings;
  }

  private static String quoted(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
