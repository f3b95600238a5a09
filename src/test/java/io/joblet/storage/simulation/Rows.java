package io.joblet.storage.simulation;

import io.joblet.storage.simulation.Step.Kind;
import io.joblet.storage.simulation.Step.Living;
import io.joblet.storage.simulation.Step.Mode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** The rows of one node, by SQL of its own. */
final class Rows {
  private static final String SELECT =
      """
      select 'v', id::text, name, provider, state, size_bytes::text, protected::text, labels ->> 'serial', qgroup::text
      from volume where node_id = (select id from node where name = ?)
      union all
      select 'j', j.id::text, j.name, j.liveness, j.state, j.directory, (f.job_id is not null)::text, null, f.work_bytes::text
      from job j left join job_filesystem f on f.job_id = j.id
      where j.node_id = (select id from node where name = ?) and j.state <> 'ENDED'
      union all
      select 'a', a.id::text, a.job_name, a.access_mode, a.state, a.mount_path, a.read_only::text, v.labels ->> 'serial', null
      from attachment a join volume v on v.id = a.volume_id
      where a.node_id = (select id from node where name = ?)
      union all
      select 'r', null, request_id, method, convert_from(answer, 'UTF8'), null, null, null, null
      from request
      where subject_id is null and node_id = (select id from node where name = ?)
      """;

  /** From what refers to others to what is referred to. */
  private static final List<String> TABLES =
      List.of(
          "attachment",
          "job",
          "volume",
          "attachment_history",
          "host_operation",
          "request",
          "volume_event_pending");

  private final Connection connection;
  private final String node;

  Rows(Connection connection, String node) {
    this.connection = connection;
    this.node = node;
  }

  /** A volume's row. */
  record Volume(
      UUID id,
      String name,
      Kind kind,
      String state,
      long size,
      boolean isProtected,
      int serial,
      long qgroup) {}

  /** A job that has not ended. */
  record Job(
      String name, Living living, String state, String directory, boolean root, long workBytes) {}

  /** An attachment's row. */
  record Attachment(
      String job, Mode mode, String state, String path, boolean readOnly, int serial) {}

  /** All of them at one moment. */
  record Seen(
      List<Volume> volumes,
      List<Job> jobs,
      List<Attachment> attachments,
      SortedMap<String, Told> answers) {
    Optional<Volume> trashed(String name) {
      return volumes.stream()
          .filter(v -> v.name().equals(name) && v.state().equals("TRASHED"))
          .findFirst();
    }

    int serial(UUID id) {
      return volumes.stream()
          .filter(v -> v.id().equals(id))
          .mapToInt(Volume::serial)
          .findFirst()
          .orElse(0);
    }

    /** What is in between, for people. */
    List<String> unsettled() {
      List<String> all = new ArrayList<>();
      volumes.stream()
          .filter(v -> !v.state().equals("AVAILABLE") && !v.state().equals("TRASHED"))
          .forEach(v -> all.add(v.toString()));
      jobs.stream().filter(j -> !j.state().equals("ACTIVE")).forEach(j -> all.add(j.toString()));
      attachments.stream()
          .filter(a -> !a.state().equals("ATTACHED"))
          .forEach(a -> all.add(a.toString()));
      return all;
    }

    World world() {
      World world = World.empty();
      for (Volume v : volumes) {
        world =
            world.with(
                new World.Volume(
                    v.serial(),
                    v.name(),
                    v.kind(),
                    v.size(),
                    v.state().equals("TRASHED"),
                    v.isProtected(),
                    0));
      }
      for (Job j : jobs) {
        world = world.with(new World.Job(j.name(), j.living(), j.root(), 0, false));
      }
      for (Attachment a : attachments) {
        world =
            world.with(new World.Attachment(a.job(), a.serial(), a.path(), a.mode(), a.readOnly()));
      }
      for (Map.Entry<String, Told> a : answers.entrySet()) {
        world = world.answered(a.getKey(), a.getValue().what());
      }
      return world;
    }
  }

  Seen read() {
    List<Volume> volumes = new ArrayList<>();
    List<Job> jobs = new ArrayList<>();
    List<Attachment> attachments = new ArrayList<>();
    SortedMap<String, Told> answers = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
      statement.setString(1, node);
      statement.setString(2, node);
      statement.setString(3, node);
      statement.setString(4, node);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          switch (rows.getString(1)) {
            case "v" -> volumes.add(volume(rows));
            case "j" -> jobs.add(job(rows));
            case "r" -> answers.put(rows.getString(3), Told.of(rows.getString(5)));
            default -> attachments.add(attachment(rows));
          }
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    volumes.sort(Comparator.comparing(Volume::serial));
    return new Seen(volumes, jobs, attachments, answers);
  }

  private static Volume volume(ResultSet row) throws SQLException {
    return new Volume(
        UUID.fromString(row.getString(2)),
        row.getString(3),
        switch (row.getString(4)) {
          case "btrfs" -> Kind.BTRFS;
          case "loop" -> Kind.IMAGE;
          case "memory" -> Kind.MEMORY;
          default -> throw new IllegalStateException("no such provider here");
        },
        row.getString(5),
        row.getLong(6),
        row.getBoolean(7),
        row.getInt(8),
        row.getLong(9));
  }

  private static Job job(ResultSet row) throws SQLException {
    return new Job(
        row.getString(3),
        Living.valueOf(row.getString(4)),
        row.getString(5),
        row.getString(6),
        row.getBoolean(7),
        row.getLong(9));
  }

  private static Attachment attachment(ResultSet row) throws SQLException {
    return new Attachment(
        row.getString(3),
        Mode.valueOf(row.getString(4)),
        row.getString(5),
        row.getString(6),
        row.getBoolean(7),
        row.getInt(8));
  }

  /** Nothing of the node is left but its own row. */
  void forget() {
    execute(
        TABLES.stream()
            .map(table -> "delete from " + table + " where " + ofNode())
            .collect(Collectors.joining("; ")));
  }

  /**
   * Takes away what deleted rows leave in their tables, which every look would go through: by
   * itself PostgreSQL does so once a minute, and thousands of histories pass meanwhile.
   */
  void vacuum() {
    execute("vacuum (skip_locked) " + String.join(", ", TABLES));
  }

  /** Nothing is left at all. */
  void forgetNode() {
    forget();
    execute("delete from node where name = " + quoted());
  }

  /** All that was written down becomes older. */
  void age(int hours) {
    String span = "interval '" + hours + " hours'";
    execute(
        "update volume set created_at = created_at - "
            + span
            + ", last_used_at = last_used_at - "
            + span
            + ", deleted_at = deleted_at - "
            + span
            + ", purge_after = purge_after - "
            + span
            + " where "
            + ofNode()
            + "; update job set lease_expires_at = lease_expires_at - "
            + span
            + " where "
            + ofNode()
            + "; update request set created_at = created_at - "
            + span
            + " where "
            + ofNode());
  }

  /** Kinds of events and operations with how many of each, by the serial of their volume. */
  Map<String, Map<String, Integer>> journal() {
    String sql =
        """
        select volume_id::text, kind, count(*) from volume_event_pending
        where node_id = (select id from node where name = ?) group by 1, 2
        union all
        select volume_id::text, kind || ' ' || outcome, count(*) from host_operation
        where node_id = (select id from node where name = ?) and volume_id is not null group by 1, 2
        """;
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, node);
      statement.setString(2, node);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          counts
              .computeIfAbsent(rows.getString(1), id -> new TreeMap<>())
              .put(rows.getString(2), rows.getInt(3));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return counts;
  }

  private String ofNode() {
    return "node_id = (select id from node where name = " + quoted() + ")";
  }

  private String quoted() {
    return "'" + node + "'";
  }

  private void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
