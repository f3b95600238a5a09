package io.joblet.storage.service;

import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.usage.UsageSampler;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What tests of usage share: samples at times of their choice, and an empty history before. */
final class UsageFixture {
  private static final List<String> TABLES =
      List.of(
          "usage_latest",
          "usage_sample",
          "usage_hour",
          "usage_day",
          "usage_owner_day",
          "usage_progress",
          "usage_job",
          "pool_sample");

  private final Rows rows;
  private final UsageSampler sampler;

  UsageFixture(Rows rows, UsageSampler sampler) {
    this.rows = rows;
    this.sampler = sampler;
  }

  /** Midnight, UTC, so many days ago: hours and days of tests are full ones. */
  static Instant daysAgo(int days) {
    return Instant.now().truncatedTo(ChronoUnit.DAYS).minus(days, ChronoUnit.DAYS);
  }

  static Instant minutes(Instant from, int minutes) {
    return from.plus(minutes, ChronoUnit.MINUTES);
  }

  void forgetEverything() {
    TABLES.forEach(table -> rows.change("delete from " + table));
  }

  /** Also brings what was written to where btrfs counts it. */
  void sample(Instant at) {
    Shell.ok("sync");
    sampler.sample(at);
  }

  static void write(String directory, String name, long kibibytes) {
    Shell.ok(
        "dd",
        "if=/dev/urandom",
        "of=" + Path.of(directory, name),
        "bs=1024",
        "count=" + kibibytes,
        "conv=fsync",
        "status=none");
  }

  /** Each row as its columns joined by blanks; null is a dash. */
  List<String> lines(String sql) {
    try (Connection connection = rows.connect()) {
      return lines(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  static List<String> lines(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> lines = new ArrayList<>();
      while (result.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          String cell = result.getString(i);
          cells.add(cell == null ? "-" : cell);
        }
        lines.add(String.join(" ", cells));
      }
      return lines;
    }
  }
}
