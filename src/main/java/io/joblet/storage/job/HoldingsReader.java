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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads {@link Holdings}, in one round trip. */
@ApplicationScoped
class HoldingsReader {
  private static final String SELECT = ", " + VolumeRows.COLUMNS + ", " + AttachmentRows.COLUMNS;

  private static final String WITH_JOB =
      "select (select count(*) from attachment where node_id = ?), %s"
          + SELECT
          + ", "
          + IoLimitRows.columns("r")
          + ", "
          + JobRows.COLUMNS
          + " from volume v"
          + " left join job j on j.node_id = ? and j.owner = ? and j.name = ? and j.state <> 'ENDED'"
          + " left join job_run r on r.job_id = j.id"
          + " left join attachment a on a.volume_id = v.id or a.job_id = j.id";

  private static final String SHARE =
      " left join volume_share s on s.volume_id = v.id and s.with_owner = ?";

  private static final String IF_SHARED = "s.volume_id is not null";

  /** Whose share was taken back can still let go of what they hold. */
  private static final String IF_SHARED_OR_HELD =
      "(s.volume_id is not null or exists"
          + " (select from attachment x where x.volume_id = v.id and x.job_owner = ?))";

  private static final String OF_VOLUME =
      "select 0, %s" + SELECT + " from volume v left join attachment a on a.volume_id = v.id";

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
          caller.identity(),
          Map.of(),
          Optional.empty(),
          IoLimitColumns.none(),
          Map.of(),
          0,
          Set.of());
    }
    List<Object> parameters =
        new ArrayList<>(List.of(node.id(), node.id(), caller.owner(), job.text()));
    String sql = with(WITH_JOB, caller, idsOrNames, IF_SHARED, parameters);
    return database.read(sql, rows -> read(caller, rows, true), parameters.toArray());
  }

  /** A volume and who holds it. */
  Holdings ofVolume(Caller caller, String idOrName) {
    List<Object> parameters = new ArrayList<>();
    String sql = with(OF_VOLUME, caller, List.of(idOrName), IF_SHARED_OR_HELD, parameters);
    return database.read(sql, rows -> read(caller, rows, false), parameters.toArray());
  }

  /**
   * Which volumes. Single values, since PostgreSQL plans a statement with arrays anew each time,
   * which takes longer than to execute it.
   */
  private String with(
      String select,
      Caller caller,
      Collection<String> idsOrNames,
      String ifForeign,
      List<Object> parameters) {
    List<Reference> wanted =
        idsOrNames.stream().map(text -> Reference.of(caller.identity(), text)).toList();
    List<UUID> ids = wanted.stream().flatMap(w -> w.id().stream()).toList();
    boolean all = caller.identity().seesAll();
    boolean foreign = !all && wanted.stream().anyMatch(w -> !ids.isEmpty() || !own(w));
    if (foreign) {
      parameters.add(caller.owner());
    }
    parameters.add(node.id());
    List<String> ways = new ArrayList<>();
    byOwner(wanted)
        .forEach((owner, names) -> {
          boolean own = all || owner.equals(caller.owner());
          ways.add(
              "v.owner = ? and v.deleted_at is null and v.name in ("
                  + places(names)
                  + ")"
                  + (own ? "" : " and " + ifForeign));
          parameters.add(owner);
          parameters.addAll(names);
          if (!own) {
            addAsker(ifForeign, caller, parameters);
          }
        });
    if (!ids.isEmpty()) {
      ways.add(
          "v.id in (" + places(ids) + ")" + (all ? "" : " and (v.owner = ? or " + ifForeign + ")"));
      parameters.addAll(ids);
      if (!all) {
        parameters.add(caller.owner());
        addAsker(ifForeign, caller, parameters);
      }
    }
    return select.formatted(foreign ? "coalesce(s.read_only, false)" : "false")
        + (foreign ? SHARE : "")
        + " where v.node_id = ? and ("
        + String.join(" or ", ways)
        + ") order by a.id";
  }

  private static void addAsker(String ifForeign, Caller caller, List<Object> parameters) {
    if (ifForeign.contains("?")) {
      parameters.add(caller.owner());
    }
  }

  private static boolean own(Reference which) {
    return which.reaches(which.owner());
  }

  private static Map<String, List<String>> byOwner(List<Reference> wanted) {
    return wanted.stream()
        .collect(
            groupingBy(Reference::owner, LinkedHashMap::new, mapping(Reference::name, toList())));
  }

  private static String places(Collection<?> values) {
    return String.join(", ", Collections.nCopies(values.size(), "?"));
  }

  /** The volume of an attachment and who holds it; nothing if there is no such attachment. */
  Holdings ofAttachment(Caller caller, UUID id) {
    return database.read(
        OF_VOLUME.formatted("false")
            + " where v.id = (select volume_id from attachment where id = ?) order by a.id",
        rows -> read(caller, rows, false),
        id);
  }

  private static Holdings read(Caller caller, Columns rows, boolean withJob) throws SQLException {
    Map<UUID, Volume> volumes = new LinkedHashMap<>();
    Set<UUID> readOnly = new HashSet<>();
    Map<UUID, Attachment> attachments = new LinkedHashMap<>();
    Optional<Job> job = Optional.empty();
    IoLimitColumns limits = IoLimitColumns.none();
    long total = 0;
    while (rows.next()) {
      total = rows.number();
      boolean sharedReadOnly = rows.flag();
      Volume volume = VolumeRows.read(rows);
      volumes.putIfAbsent(volume.id, volume);
      if (sharedReadOnly) {
        readOnly.add(volume.id);
      }
      AttachmentRows.read(rows).ifPresent(a -> attachments.putIfAbsent(a.id, a));
      if (withJob && job.isEmpty()) {
        limits = IoLimitRows.read(rows);
        job = JobRows.read(rows);
      }
    }
    return new Holdings(caller.identity(), volumes, job, limits, attachments, total, readOnly);
  }
}
