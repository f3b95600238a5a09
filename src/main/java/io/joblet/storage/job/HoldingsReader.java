package io.joblet.storage.job;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.joblet.storage.access.Reference;
import io.joblet.storage.journal.Caller;
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
          + " left join job j on j.node_id = ? and j.owner = ? and j.name = ? and j.state <> 'ENDED'"
          + " left join job_run r on r.job_id = j.id"
          + " left join attachment a on a.volume_id = v.id or a.job_id = j.id";

  private static final String OWN = " and v.owner = ?";

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
  Holdings forAttaching(Caller caller, Collection<String> idsOrNames, JobName job) {
    if (idsOrNames.isEmpty()) {
      return new Holdings(
          caller.identity(), Map.of(), Optional.empty(), IoLimitColumns.none(), Map.of(), 0);
    }
    List<Object> parameters =
        new ArrayList<>(List.of(node.id(), node.id(), caller.owner(), job.text()));
    String sql = WITH_JOB + named(caller, idsOrNames, parameters);
    return database.read(sql, rows -> read(caller, rows, true), parameters.toArray());
  }

  /** A volume and who holds it. */
  Holdings ofVolume(Caller caller, String idOrName) {
    List<Object> parameters = new ArrayList<>();
    String sql = OF_VOLUME + named(caller, List.of(idOrName), parameters);
    return database.read(sql, rows -> read(caller, rows, false), parameters.toArray());
  }

  /**
   * Which volumes. Single values, since PostgreSQL plans a statement with arrays anew each time,
   * which takes longer than to execute it.
   */
  private String named(Caller caller, Collection<String> idsOrNames, List<Object> parameters) {
    List<Reference> wanted =
        idsOrNames.stream().map(text -> Reference.of(caller.identity(), text)).toList();
    List<String> ways = new ArrayList<>();
    parameters.add(node.id());
    wanted.stream()
        .filter(w -> w.reaches(w.owner()))
        .collect(
            groupingBy(Reference::owner, LinkedHashMap::new, mapping(Reference::name, toList())))
        .forEach((owner, names) -> {
          ways.add("v.owner = ? and v.deleted_at is null and v.name in (" + places(names) + ")");
          parameters.add(owner);
          parameters.addAll(names);
        });
    List<UUID> ids = wanted.stream().flatMap(w -> w.id().stream()).toList();
    if (!ids.isEmpty()) {
      ways.add("v.id in (" + places(ids) + ")" + (caller.identity().seesAll() ? "" : OWN));
      parameters.addAll(ids);
      if (!caller.identity().seesAll()) {
        parameters.add(caller.owner());
      }
    }
    String which = ways.isEmpty() ? "false" : String.join(" or ", ways);
    return " where v.node_id = ? and (" + which + ") order by a.id";
  }

  private static String places(Collection<?> values) {
    return String.join(", ", Collections.nCopies(values.size(), "?"));
  }

  /** The volume of an attachment and who holds it; nothing if there is no such attachment. */
  Holdings ofAttachment(Caller caller, UUID id) {
    return database.read(
        OF_VOLUME + " where v.id = (select volume_id from attachment where id = ?) order by a.id",
        rows -> read(caller, rows, false),
        id);
  }

  private static Holdings read(Caller caller, Columns rows, boolean withJob) throws SQLException {
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
    return new Holdings(caller.identity(), volumes, job, limits, attachments, total);
  }
}
