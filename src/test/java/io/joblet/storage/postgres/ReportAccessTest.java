package io.joblet.storage.postgres;

import static io.joblet.storage.postgres.TestPostgres.execute;
import static io.joblet.storage.postgres.TestPostgres.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads reports gets in only when that is switched on, and then sees reports and no more. */
class ReportAccessTest {
  @TempDir Path state;

  @BeforeEach
  void prepare() throws Exception {
    TestPostgres.prepare(state);
  }

  @Test
  void isShutUnlessItIsOpened() throws Exception {
    try (EmbeddedPostgres postgres = start(false)) {
      assertThat(
              query(postgres, "select rolcanlogin from pg_roles where rolname = 'joblet_report'"))
          .containsExactly("f");
      assertThat(passwordFile()).doesNotExist();
      assertThatThrownBy(() -> connect(postgres, "joblet", "").close())
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void readsEveryViewAndNothingElse() throws Exception {
    try (EmbeddedPostgres postgres = start(true)) {
      migrate(postgres);
      List<String> views =
          query(
              postgres, "select relname from pg_class where relnamespace = 'report'::regnamespace");
      List<String> others =
          query(
              postgres,
              "select oid::regclass from pg_class where relnamespace = 'public'::regnamespace"
                  + " and relkind in ('r', 'p', 'S', 'v')");
      assertThat(views).contains("usage_now", "growth", "pool_overcommitment");
      assertThat(others).contains("volume", "request", "usage_sample", "host_operation");
      try (Connection analyst = connect(postgres, "joblet", password());
          Statement statement = analyst.createStatement()) {
        for (String view : views) {
          statement.executeQuery("select * from report." + view).close();
        }
        for (String other : others) {
          refused(statement, "select * from " + other);
        }
        statement.execute("set default_transaction_read_only = off");
        refused(statement, "create view report.mine as select 1");
        refused(statement, "select usage_make_partitions(now())");
        refused(statement, "delete from volume");
        refused(statement, "create table mine (x int)");
        refused(statement, "create temp table mine (x int)");
        refused(statement, "create schema mine");
        refused(statement, "set role joblet");
        refused(statement, "copy (select 1) to program 'true'");
        refused(statement, "select pg_read_file('/etc/passwd')");
        refused(statement, "select lo_create(0)");
        refused(statement, "select lo_creat(-1)");
        refused(statement, "select lo_from_bytea(0, 'x')");
        refused(statement, "select lo_put(1, 0, 'x')");
        refused(statement, "select lo_import('/etc/passwd')");
      }
    }
  }

  @Test
  void holdsUpNoPartitions() throws Exception {
    try (EmbeddedPostgres postgres = start(true)) {
      migrate(postgres);
      try (Connection analyst = connect(postgres, "joblet", password());
          Statement reading = analyst.createStatement()) {
        analyst.setAutoCommit(false);
        for (String view :
            query(
                postgres, "select viewname from pg_views where schemaname = 'report' order by 1")) {
          reading.executeQuery("select * from report." + view).close();
        }
        reading
            .executeQuery("select pg_advisory_xact_lock(hashtext('usage_make_partitions'))")
            .close();
        refused(reading, "lock table usage_sample in share update exclusive mode");
        analyst.rollback();
        reading.executeQuery("select * from report.usage_by_day").close();
        reading
            .executeQuery("select pg_advisory_xact_lock(hashtext('usage_make_partitions'))")
            .close();

        query(
            postgres,
            "select set_config('lock_timeout', '3s', false),"
                + " usage_make_partitions(timestamptz '2001-02-27 12:00:00+00')");

        analyst.rollback();
      }
      assertThat(
              query(
                  postgres,
                  "select relname::text from pg_inherits join pg_class on pg_class.oid = inhrelid"
                      + " where relkind = 'r' and relname like 'usage_%_2001%' order by 1"))
          .containsExactly(
              "usage_day_20010201",
              "usage_day_20010301",
              "usage_hour_20010201",
              "usage_hour_20010301",
              "usage_sample_20010227",
              "usage_sample_20010228",
              "usage_sample_20010301");
    }
  }

  @Test
  void getsIntoNoOtherDatabase() throws Exception {
    try (EmbeddedPostgres postgres = start(true)) {
      for (String other : List.of("postgres", "template1")) {
        assertThatThrownBy(() -> connect(postgres, other, password()).close())
            .as(other)
            .hasMessageContaining("pg_hba.conf rejects");
      }
    }
  }

  @Test
  void keepsItsPasswordFromOthersAndOverRestartsAndLosesItWhenShut() throws Exception {
    String first;
    try (EmbeddedPostgres postgres = start(true)) {
      migrate(postgres);
      first = password();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwordFile())))
          .isEqualTo("rw-------");
    }
    try (EmbeddedPostgres postgres = start(true)) {
      assertThat(password()).isEqualTo(first);
      connect(postgres, "joblet", first).close();
    }
    try (EmbeddedPostgres postgres = start(false)) {
      assertThat(passwordFile()).doesNotExist();
      assertThatThrownBy(() -> connect(postgres, "joblet", first).close())
          .isInstanceOf(SQLException.class);
    }
    try (EmbeddedPostgres postgres = start(true)) {
      assertThat(password()).isNotEqualTo(first);
      connect(postgres, "joblet", password()).close();
    }
  }

  @Test
  void everyViewAndColumnHasAWordAboutIt() throws Exception {
    try (EmbeddedPostgres postgres = start(false)) {
      migrate(postgres);
      assertThat(
              query(
                  postgres,
                  "select c.relname || '.' || a.attname from pg_class c"
                      + " join pg_attribute a on a.attrelid = c.oid and a.attnum >= 0"
                      + " where c.relnamespace = 'report'::regnamespace"
                      + " and (col_description(c.oid, a.attnum) is null"
                      + " or obj_description(c.oid, 'pg_class') is null)"))
          .isEmpty();
    }
  }

  private EmbeddedPostgres start(boolean access) throws InterruptedException {
    return EmbeddedPostgres.start(
        state.resolve("postgres"), TestPostgres.UID, TestPostgres.LIMIT, access);
  }

  private static void migrate(EmbeddedPostgres postgres) throws SQLException {
    DatabaseAccess access = postgres.access();
    Flyway.configure()
        .dataSource(access.url(), access.username().orElseThrow(), access.password().orElseThrow())
        .locations("classpath:db/migration")
        .load()
        .migrate();
    execute(postgres, "select 1");
  }

  private static void refused(Statement statement, String sql) {
    assertThatThrownBy(() -> statement.execute(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getSQLState()).as(sql + ": " + e.getMessage()).isEqualTo("42501"));
  }

  private Path passwordFile() {
    return state.resolve("postgres/report.pgpass");
  }

  private String password() throws Exception {
    String[] fields = Files.readString(passwordFile()).strip().split(":", -1);
    assertThat(fields).hasSize(5).startsWith("127.0.0.1", "*", "joblet", "joblet_report");
    return fields[4];
  }

  private static Connection connect(EmbeddedPostgres postgres, String database, String password)
      throws SQLException {
    return Connect.to(
        new DatabaseAccess(
            postgres.access().url().replaceFirst("/joblet$", "/" + database),
            Optional.of("joblet_report"),
            Optional.of(password),
            Map.of()));
  }
}
