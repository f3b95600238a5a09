package io.joblet.storage.job;

import io.joblet.storage.config.Uuids;
import io.joblet.storage.journal.Columns;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.AttachmentRows;
import io.joblet.storage.volume.IoLimitColumns;
import io.joblet.storage.volume.IoLimitRows;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads {@link Holdings}, in one round trip. */
@ApplicationScoped
class HoldingsReader {
  private static final String SELECT = ", " + VolumeRows.COLUMNS + ", " + AttachmentRows.COLUMNS;

  private static final String WITH_JOB =
      "select (select count(*) from attachment where node_id = ?)"
          + SELECT
          + ", "
          + IoLimitRows.columns("r")
          + ", "
          + JobRows.COLUMNS
          + " from volume v"
          + " left join job j on j.node_id = ? and j.name = ? and j.state <> 'ENDED'"
          + " left join job_run r on r.job_id = j.id"
          + " left join attachment a on a.volume_id = v.id or a.job_id = j.id";

  private static final String OF_VOLUME =
      "select 0" + SELECT + " from volume v left join attachment a on a.volume_id = v.id";

  private final RoundTrips database;
  private final CurrentNode node;

  HoldingsReader(RoundTrips database, CurrentNode node) {
    this.database = database;
    this.node = node;
  }

  /**
   * What an attachment of these volumes to that job has to know, the total included; nothing at
   * all, not even the job, where there is no volume.
   */
  Holdings forAttaching(String owner, Collection<String> idsOrNames, JobName job) {
    if (idsOrNames.isEmpty()) {
      return new Holdings(Map.of(), Optional.empty(), IoLimitColumns.none(), Map.of(), 0);
    }
    List<Object> parameters = new ArrayList<>(List.of(node.id(), node.id(), job.text()));
    String sql = WITH_JOB + named(owner, idsOrNames, parameters);
    return database.read(sql, rows -> read(rows, true), parameters.toArray());
  }

  /** A volume and who holds it. */
  Holdings ofVolume(String owner, String idOrName) {
    List<Object> parameters = new ArrayList<>();
    String sql = OF_VOLUME + named(owner, List.of(idOrName), parameters);
    return database.read(sql, HoldingsReader::read, parameters.toArray());
  }

  /**
   * Which volumes. Single values, since PostgreSQL plans a statement with arrays anew each time,
   * which takes longer than to execute it.
   */
  private String named(String owner, Collection<String> idsOrNames, List<Object> parameters) {
    List<UUID> ids = idsOrNames.stream().flatMap(t -> Uuids.parse(t).stream()).toList();
    parameters.add(node.id());
    parameters.add(owner);
    parameters.addAll(idsOrNames);
    parameters.addAll(ids);
    String byName = "(v.name in (" + places(idsOrNames.size()) + ") and v.deleted_at is null)";
    String byId = ids.isEmpty() ? "" : " or v.id in (" + places(ids.size()) + ")";
    return " where v.node_id = ? and v.owner = ? and (" + byName + byId + ") order by a.id";
  }

  private static String places(int count) {
    return String.join(", ", Collections.nCopies(count, "?"));
  }

  /** The volume of an attachment and who holds it; nothing if there is no such attachment. */
  Holdings ofAttachment(UUID id) {
    return database.read(
        OF_VOLUME + " where v.id = (select volume_id from attachment where id = ?) order by a.id",
        HoldingsReader::read,
        id);
  }

  private static Holdings read(Columns rows) throws SQLException {
    return read(rows, false);
  }

  private static Holdings read(Columns rows, boolean withJob) throws SQLException {
    Map<UUID, Volume> volumes = new LinkedHashMap<>();
    Map<UUID, Attachment> attachments = new LinkedHashMap<>();
    Optional<Job> job = Optional.empty();
    IoLimitColumns limits = IoLimitColumns.none();
    long total = 0;
    while (rows.next()) {
      total = rows.number();
      Volume volume = VolumeRows.read(rows);
      volumes.putIfAbsent(volume.id, volume);
      AttachmentRows.read(rows).ifPresent(a -> attachments.putIfAbsent(a.id, a));
      if (withJob && job.isEmpty()) {
        limits = IoLimitRows.read(rows);
        job = JobRows.read(rows);
      }
    }
    return new Holdings(volumes, job, limits, attachments, total);
  }
}
