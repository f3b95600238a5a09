package io.joblet.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrations of a database that has rows in it, while no daemon owns the node. */
class UpgradeTest {
  private static final String ROWS =
      """
      insert into node values (gen_random_uuid(), 'n', 'boot', gen_random_uuid(), '1', '', now(), 0);
      select set_config('joblet.incarnation', incarnation::text, false) from node;
      insert into volume (id, node_id, owner, name, type, provider, enforcement, state, size_bytes,
          inode_limit, uid, gid, mode, protected, labels, held_as, created_at, created_by, reason,
          row_version)
        select gen_random_uuid(), id, 'root', 'data', 'MEMORY', 'memory', 'TMPFS', 'AVAILABLE', 4096,
          0, 0, 0, 493, false, '{}', 'EXCLUSIVE', now(), 'me', '', 0 from node;
      insert into job (id, node_id, name, owner, state, liveness, created_at, reason, row_version)
        select gen_random_uuid(), id, 'build', 'root', 'ACTIVE', 'CLEANUP', now(), '', 0 from node;
      insert into attachment (id, node_id, volume_id, job_id, job_name, mount_path, read_only,
          access_mode, state, created_at, attached_at, reason, row_version)
        select gen_random_uuid(), j.node_id, v.id, j.id, j.name, '/data', false, 'EXCLUSIVE',
          'ATTACHED', now(), now(), '', 0 from job j, volume v
      """;

  @TempDir Path state;

  private EmbeddedPostgres postgres;

  @BeforeEach
  void startPostgres() throws Exception {
    TestPostgres.prepare(state);
    postgres = TestPostgres.start(state);
  }

  @AfterEach
  void stopPostgres() throws InterruptedException {
    postgres.stop();
  }

  private void migrate(String version) {
    Flyway.configure()
        .dataSource(
            postgres.access().url(),
            postgres.access().username().orElseThrow(),
            postgres.access().password().orElseThrow())
        .locations("classpath:db/migration")
        .target(version)
        .load()
        .migrate();
  }

  @Test
  void jobsThatLiveKeepTheirDirectoriesAndTheFenceHoldsAfterwards() throws SQLException {
    migrate("2");
    TestPostgres.execute(postgres, ROWS);

    migrate("3");

    assertThat(TestPostgres.query(postgres, "select directory from job")).containsExactly("build");
    assertThat(
            TestPostgres.query(
                postgres, "select job_owner || ' ' || job_directory from attachment"))
        .containsExactly("root build");
    for (String sql : new String[] {"update job set reason = ''", "delete from attachment"}) {
      assertThatThrownBy(() -> TestPostgres.execute(postgres, sql))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("JB001"));
    }
  }
}
