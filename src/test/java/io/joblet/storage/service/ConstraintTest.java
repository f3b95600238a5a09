package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.RunJobRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/** The guards of db/migration, each seen to bite: rows cannot say nonsense whatever Java does. */
@QuarkusTest
class ConstraintTest extends ServiceTest {

  /** The constraint, and what it must not let happen. */
  private static final String TABLE =
      """
      volume_owner_check                          | update volume set owner = ''
      volume_name_check                           | update volume set name = '../etc' where name = 'free'
      volume_name_check                           | update volume set name = repeat('a', 64) where name = 'free'
      volume_type_check                           | update volume set type = 'TAPE' where name = 'free'
      volume_provider_check                       | update volume set provider = 'tape' where name = 'free'
      volume_enforcement_check                    | update volume set enforcement = 'HOPE' where name = 'free'
      volume_state_check                          | update volume set state = 'GONE' where name = 'free'
      volume_size_bytes_check                     | update volume set size_bytes = 0 where name = 'free'
      volume_size_bytes_check                     | update volume set size_bytes = -1 where name = 'free'
      volume_wanted_size_bytes_check              | update volume set state = 'UPDATING', wanted_size_bytes = 0 where name = 'free'
      volume_inode_limit_check                    | update volume set inode_limit = -1 where name = 'free'
      volume_qgroup_check                         | update volume set qgroup = 0 where name = 'free'
      volume_uid_check                            | update volume set uid = 4294967295 where name = 'free'
      volume_gid_check                            | update volume set gid = -1 where name = 'free'
      volume_mode_check                           | update volume set mode = 512 where name = 'free'
      volume_idle_timeout_seconds_check           | update volume set idle_timeout_seconds = 0 where name = 'cache'
      volume_labels_check                         | update volume set labels = '[]' where name = 'free'
      volume_held_as_check                        | update volume set held_as = 'ALONE' where name = 'free'
      volume_type_has_its_provider                | update volume set type = 'MEMORY' where name = 'free'
      volume_provider_has_its_enforcement         | update volume set enforcement = 'UNENFORCED' where name = 'free'
      volume_qgroup_only_on_btrfs                 | update volume set qgroup = null where name = 'free'
      volume_qgroup_is_its_own                    | update volume set qgroup = (select qgroup from volume where name = 'data') where name = 'free'
      volume_wanted_size_only_while_updating      | update volume set wanted_size_bytes = 5 where name = 'free'
      volume_wanted_size_only_while_updating      | update volume set state = 'UPDATING' where name = 'free'
      volume_deleted_at_with_state                | update volume set deleted_at = now() where name = 'free'
      volume_deleted_at_with_state                | update volume set state = 'DELETING' where name = 'free'
      volume_purge_after_in_trash                 | update volume set state = 'TRASHED', deleted_at = now() where name = 'free'
      volume_idle_timeout_only_in_memory          | update volume set idle_timeout_seconds = 5 where name = 'free'
      volume_protected_stays                      | update volume set state = 'DELETING', deleted_at = now(), protected = true where name = 'free'
      volume_name_is_unique                       | update volume set name = 'data' where name = 'free'
      volume_node_id_fkey                         | update volume set node_id = gen_random_uuid() where name = 'free'
      attachment_volume_is_attachable             | update volume set state = 'DELETING', deleted_at = now() where name = 'data'
      attachment_volume_is_attachable             | update volume set held_as = null where name = 'data'
      attachment_volume_is_attachable             | update volume set held_as = 'SHARED' where name = 'data'
      attachment_volume_is_attachable             | update attachment set access_mode = 'SHARED' where job_name = 'job'
      attachment_volume_id_fkey                   | delete from volume where name = 'data'
      attachment_volume_is_attachable             | update attachment set volume_id = (select id from volume where name = 'free') where job_name = 'job'
      attachment_exclusive_is_alone               | insert into attachment select gen_random_uuid(), node_id, volume_id, job_id, job_name, '/other', read_only, access_mode, state, created_at, attached_at, reason, 0, 0, 0, 0, 0, job_owner, job_directory from attachment where job_name = 'job'
      attachment_path_is_its_own                  | insert into attachment select gen_random_uuid(), node_id, volume_id, job_id, job_name, mount_path, read_only, access_mode, state, created_at, attached_at, reason, 0, 0, 0, 0, 0, job_owner, job_directory from attachment where job_name = 'reader'
      attachment_shared_read_only_is              | update attachment set read_only = false where job_name = 'reader'
      attachment_attached_at_with_state           | update attachment set attached_at = null where job_name = 'job'
      attachment_mount_path_check                 | update attachment set mount_path = 'data' where job_name = 'job'
      attachment_mount_path_check                 | update attachment set mount_path = '/' where job_name = 'job'
      attachment_state_check                      | update attachment set state = 'LOOSE' where job_name = 'job'
      attachment_job_on_its_node                  | update attachment set job_id = gen_random_uuid() where job_name = 'job'
      attachment_job_on_its_node                  | delete from job where name = 'job' and state = 'ACTIVE'
      job_name_check                              | update job set name = '..' where state = 'ACTIVE' and name <> 'runner'
      job_owner_check                             | update job set owner = '' where state = 'ACTIVE' and name <> 'runner'
      job_state_check                             | update job set state = 'DEAD' where state = 'ACTIVE' and name <> 'runner'
      job_liveness_check                          | update job set liveness = 'HOPE' where state = 'ACTIVE' and name <> 'runner'
      job_process_is_identified                   | update job set liveness = 'PROCESS' where state = 'ACTIVE' and name <> 'runner'
      job_process_is_identified                   | update job set pid = 1, boot_id = '', start_ticks = 1 where state = 'ACTIVE' and name <> 'runner'
      job_lease_has_an_end                        | update job set liveness = 'LEASE', lease_seconds = 10 where state = 'ACTIVE' and name <> 'runner'
      job_pid_check                               | update job set pid = 0 where state = 'ACTIVE' and name <> 'runner'
      job_start_ticks_check                       | update job set start_ticks = -1 where state = 'ACTIVE' and name <> 'runner'
      job_lease_seconds_check                     | update job set lease_seconds = 0 where state = 'ACTIVE' and name <> 'runner'
      job_ended_at_with_state                     | update job set state = 'ENDED' where state = 'ACTIVE' and name <> 'runner'
      job_name_is_unique                          | update job set name = 'reader' where name = 'job' and state = 'ACTIVE'
      attachment_read_bps_check                   | update attachment set read_bps = -1 where job_name = 'job'
      attachment_write_bps_check                  | update attachment set write_bps = -1 where job_name = 'job'
      attachment_read_iops_check                  | update attachment set read_iops = -1 where job_name = 'job'
      attachment_write_iops_check                 | update attachment set write_iops = -1 where job_name = 'job'
      job_filesystem_userland_check               | update job_filesystem set userland = 'WINDOWS'
      job_filesystem_directory_check              | update job_filesystem set userland = 'DIRECTORY', directory = 'x'
      job_filesystem_work_bytes_check             | update job_filesystem set work_bytes = 0
      job_filesystem_tmp_bytes_check              | update job_filesystem set tmp_bytes = 0
      job_filesystem_shm_bytes_check              | update job_filesystem set shm_bytes = 0
      job_filesystem_uid_check                    | update job_filesystem set uid = 4294967295
      job_filesystem_gid_check                    | update job_filesystem set gid = -1
      job_filesystem_directory_with_userland      | update job_filesystem set directory = '/x'
      job_filesystem_job_id_fkey                  | insert into job_filesystem select gen_random_uuid(), userland, directory, work_bytes, tmp_bytes, shm_bytes, uid, gid, 0 from job_filesystem
      job_run_state_check                         | update job_run set state = 'WALKING', finished_at = now()
      job_run_command_check                       | update job_run set command = '[]'
      job_run_environment_names_check             | update job_run set environment_names = '{}'
      job_run_working_directory_check             | update job_run set working_directory = 'work'
      job_run_pids_limit_check                    | update job_run set pids_limit = -1
      job_run_read_bps_check                      | update job_run set read_bps = -1
      job_run_write_bps_check                     | update job_run set write_bps = -1
      job_run_read_iops_check                     | update job_run set read_iops = -1
      job_run_write_iops_check                    | update job_run set write_iops = -1
      job_run_log_bytes_check                     | update job_run set log_bytes = 0
      job_run_warnings_check                      | update job_run set warnings = '{}'
      job_run_pid_check                           | update job_run set pid = 0
      job_run_start_ticks_check                   | update job_run set start_ticks = -1
      job_run_exit_code_check                     | update job_run set state = 'EXITED', finished_at = now(), exit_code = 256
      job_run_signal_check                        | update job_run set state = 'KILLED', finished_at = now(), signal = 65
      job_run_is_identified                       | update job_run set state = 'STARTING'
      job_run_identity_is_whole                   | update job_run set boot_id = null
      job_run_end_with_state                      | update job_run set finished_at = now()
      job_run_exit_code_with_state                | update job_run set state = 'EXITED', finished_at = now()
      job_run_signal_with_state                   | update job_run set signal = 9
      job_run_failure_with_state                  | update job_run set failure = 'x'
      job_run_job_id_fkey                         | update job_run set job_id = gen_random_uuid()
      host_operation_outcome_check                | update host_operation set outcome = 'MAYBE'
      host_operation_duration_us_check            | update host_operation set duration_us = -1
      host_operation_steps_check                  | update host_operation set steps = '{}'
      node_name_check                             | update node set name = ''
      installation_singleton_check                | insert into installation values (false, gen_random_uuid())
      installation_pkey                           | insert into installation values (true, gen_random_uuid())
      job_directory_check                         | update job set directory = 'a/b' where state = 'ACTIVE' and name <> 'runner'
      job_directory_is_unique                     | update job set directory = 'same' where state <> 'ENDED'
      job_name_is_unique                          | update job set name = 'same' where state <> 'ENDED'
      owner_limit_node_id_fkey                    | insert into owner_limit values (gen_random_uuid(), 'a', 1, 1, 1, 1, now(), 'me', 0)
      owner_limit_owner_check                     | insert into owner_limit values ((select id from node), '', 1, 1, 1, 1, now(), 'me', 0)
      owner_limit_volumes_check                   | insert into owner_limit values ((select id from node), 'a', -1, 1, 1, 1, now(), 'me', 0)
      owner_limit_volume_bytes_check              | insert into owner_limit values ((select id from node), 'a', 1, -1, 1, 1, now(), 'me', 0)
      owner_limit_memory_bytes_check              | insert into owner_limit values ((select id from node), 'a', 1, 1, -1, 1, now(), 'me', 0)
      owner_limit_jobs_check                      | insert into owner_limit values ((select id from node), 'a', 1, 1, 1, -1, now(), 'me', 0)
      volume_share_volume_id_fkey                 | insert into volume_share values (gen_random_uuid(), 'a', true, now(), 'me')
      volume_share_with_owner_check               | insert into volume_share select id, '', true, now(), 'me' from volume where name = 'data'
      api_token_node_id_fkey                      | insert into api_token values (gen_random_uuid(), gen_random_uuid(), 't', 'a', 'READER', sha256(''), now(), 'me')
      api_token_name_check                        | insert into api_token values (gen_random_uuid(), (select id from node), '.', 'a', 'READER', sha256(''), now(), 'me')
      api_token_owner_check                       | insert into api_token values (gen_random_uuid(), (select id from node), 't', '', 'READER', sha256(''), now(), 'me')
      api_token_role_check                        | insert into api_token values (gen_random_uuid(), (select id from node), 't', 'a', 'ROOT', sha256(''), now(), 'me')
      api_token_sha256_check                      | insert into api_token values (gen_random_uuid(), (select id from node), 't', 'a', 'READER', 'short', now(), 'me')
      api_token_sha256_key                        | insert into api_token values (gen_random_uuid(), (select id from node), 't', 'a', 'READER', sha256(''), now(), 'me'); insert into api_token values (gen_random_uuid(), (select id from node), 'u', 'a', 'READER', sha256(''), now(), 'me')
      api_token_name_is_unique                    | insert into api_token values (gen_random_uuid(), (select id from node), 't', 'a', 'READER', sha256(''), now(), 'me'); insert into api_token values (gen_random_uuid(), (select id from node), 't', 'a', 'READER', sha256('x'), now(), 'me')
      usage_latest_labels_check                   | insert into usage_latest (volume_id, node_id, owner, volume_name, labels, type, provider, size_bytes, used_bytes, used_inodes, method, sampled_at, is_current) values (gen_random_uuid(), gen_random_uuid(), 'a', 'v', '[]', 'MEMORY', 'memory', 1, 0, 0, 'STATFS', now(), true)
      usage_latest_size_bytes_check               | insert into usage_latest (volume_id, node_id, owner, volume_name, labels, type, provider, size_bytes, used_bytes, used_inodes, method, sampled_at, is_current) values (gen_random_uuid(), gen_random_uuid(), 'a', 'v', '{}', 'MEMORY', 'memory', 0, 0, 0, 'STATFS', now(), true)
      usage_latest_used_bytes_check               | insert into usage_latest (volume_id, node_id, owner, volume_name, labels, type, provider, size_bytes, used_bytes, used_inodes, method, sampled_at, is_current) values (gen_random_uuid(), gen_random_uuid(), 'a', 'v', '{}', 'MEMORY', 'memory', 1, -1, 0, 'STATFS', now(), true)
      usage_latest_used_inodes_check              | insert into usage_latest (volume_id, node_id, owner, volume_name, labels, type, provider, size_bytes, used_bytes, used_inodes, method, sampled_at, is_current) values (gen_random_uuid(), gen_random_uuid(), 'a', 'v', '{}', 'MEMORY', 'memory', 1, 0, -1, 'STATFS', now(), true)
      usage_latest_method_check                   | insert into usage_latest (volume_id, node_id, owner, volume_name, labels, type, provider, size_bytes, used_bytes, used_inodes, method, sampled_at, is_current) values (gen_random_uuid(), gen_random_uuid(), 'a', 'v', '{}', 'MEMORY', 'memory', 1, 0, 0, 'GUESS', now(), true)
      audit_calls_check                           | insert into audit (id, node_id, at, principal, role, owner, source, method, outcome, duration_us, calls) values (gen_random_uuid(), gen_random_uuid(), now(), 'p', 'ADMIN', 'a', 's', 'm', 'NOT_FOUND', 1, 0)
      audit_duration_us_check                     | insert into audit (id, node_id, at, principal, role, owner, source, method, outcome, duration_us) values (gen_random_uuid(), gen_random_uuid(), now(), 'p', 'ADMIN', 'a', 's', 'm', 'OK', -1)
      usage_latest_told_percent_check             | insert into usage_latest (volume_id, node_id, owner, volume_name, labels, type, provider, size_bytes, used_bytes, method, sampled_at, is_current, told_percent) values (gen_random_uuid(), gen_random_uuid(), 'a', 'v', '{}', 'MEMORY', 'memory', 1, 0, 'STATFS', now(), true, 50)
      usage_day_hours_check                       | insert into usage_day values (gen_random_uuid(), current_date, 0, 0, 0, 0, 0, 1, 0)
      usage_day_hours_check                       | insert into usage_day values (gen_random_uuid(), current_date, 0, 0, 0, 0, 0, 1, 25)
      usage_job_alone_bytes_check                 | insert into usage_job values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'j', 'v', 'a', -1, 0, now(), now())
      usage_job_shared_bytes_check                | insert into usage_job values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'j', 'v', 'a', 0, -1, now(), now())
      volume_event_pending_kind_check             | insert into volume_event_pending (node_id, kind, volume_id, volume_name, owner, reason) values (gen_random_uuid(), 'ODD', gen_random_uuid(), 'v', 'a', '')
      request_request_id_check                    | insert into request values (gen_random_uuid(), 'p', '', 'm', sha256(''), '', now())
      request_body_sha256_check                   | insert into request values (gen_random_uuid(), 'p', 'r', 'm', 'short', '', now())
      """;

  @BeforeEach
  void makeRows() {
    // Else no sampling has made them yet, and the refusal is another one.
    rows.query("select usage_make_partitions(now())");
    create("data");
    create("free");
    create(wantedInMemory("cache"));
    attach("data", "job");
    attach("cache", "reader", AccessMode.SHARED_READ_ONLY);
    jobs.runJob(
        RunJobRequest.newBuilder()
            .setJobId("runner")
            .addCommand("sleep")
            .addCommand("600")
            .build());
  }

  @Test
  void eachBites() {
    SoftAssertions.assertSoftly(softly ->
        TABLE
            .lines()
            .map(line -> line.split("\\|", 2))
            .forEach(entry ->
                softly
                    .assertThat(refusal(entry[1]).getServerErrorMessage().getConstraint())
                    .as(entry[1])
                    .isEqualTo(entry[0].strip())));
  }

  @Test
  void everyConstraintOfTheSchemaIsInThatTable() {
    assertThat(
            rows.query(
                """
                select conname from pg_constraint c join pg_class t on t.oid = c.conrelid
                where c.connamespace = 'public'::regnamespace and c.contype in ('c', 'f', 'u')
                  and t.relname <> 'flyway_schema_history'
                  and conname not in ('node_incarnation_key', 'node_name_key', 'job_node_id_fkey',
                      'attachment_node_id_fkey', 'job_on_its_node',
                      'volume_attachable_as')
                """))
        .allMatch(TABLE::contains);
  }

  @Test
  void aSessionWithoutTheIncarnationChangesNothing() {
    for (String sql :
        new String[] {
          "update volume set reason = 'x'",
          "delete from attachment",
          "truncate attachment",
          "update job set reason = 'x'",
          "insert into job select * from job"
        }) {
      PSQLException refusal = refusal("set local joblet.incarnation = ''; " + sql);
      assertThat(refusal.getSQLState()).as(sql).isEqualTo("JB001");
      assertThat(
              refusal("set local joblet.incarnation = '" + "0".repeat(36) + "'; " + sql)
                  .getSQLState())
          .isEqualTo("JB001");
    }
    assertThat(rows.count("select count(*) from attachment")).isEqualTo(2);
  }

  /** In a transaction that never commits. */
  private PSQLException refusal(String sql) {
    try (Connection connection = rows.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      try {
        return catchThrowableOfType(PSQLException.class, () -> statement.execute(sql));
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
