package io.joblet.storage.volume;

import io.joblet.storage.access.Reference;
import io.joblet.storage.config.OwnerName;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Columns;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets other owners see and attach a volume. Each change gives the volume's row a new version, so
 * that an attachment that was decided on before fails and is decided on again.
 */
@ApplicationScoped
public class VolumeSharing {
  private static final String TOUCH =
      "update volume set row_version = row_version + 1 where id = ? and row_version = ?";

  private final VolumeStore volumes;
  private final VolumeLocks locks;
  private final RoundTrips database;
  private final VolumeRecords records;

  VolumeSharing(
      VolumeStore volumes, VolumeLocks locks, RoundTrips database, VolumeRecords records) {
    this.volumes = volumes;
    this.locks = locks;
    this.database = database;
    this.records = records;
  }

  /**
   * Shares it, or shares it differently.
   *
   * @param readOnly whether the other owner's attachments must be
   * @throws Problem.NotFound for what the caller does not own
   * @throws Problem.Invalid for the volume's own owner
   */
  public void share(String idOrName, OwnerName with, boolean readOnly, Caller caller) {
    change(
        idOrName,
        caller,
        volume -> {
          if (with.text().equals(volume.owner)) {
            throw new Problem.Invalid("with_owner", "owns the volume");
          }
          return new Changes()
              .one(TOUCH, volume.id, volume.rowVersion)
              .add(
                  "insert into volume_share (volume_id, with_owner, read_only, created_at, created_by)"
                      + " values (?, ?, ?, ?, ?) on conflict (volume_id, with_owner)"
                      + " do update set read_only = excluded.read_only",
                  volume.id,
                  with.text(),
                  readOnly,
                  Instant.now(),
                  caller.principal());
        });
  }

  /** Refuses new attachments by that owner; live ones stay. Nothing where it was not shared. */
  public void unshare(String idOrName, OwnerName with, Caller caller) {
    change(
        idOrName,
        caller,
        volume ->
            new Changes()
                .one(TOUCH, volume.id, volume.rowVersion)
                .add(
                    "delete from volume_share where volume_id = ? and with_owner = ?",
                    volume.id,
                    with.text()));
  }

  /**
   * That an owner may see and attach a volume of another.
   *
   * @param by who shared it first, e.g. {@code cn:alice}
   */
  public record Share(String withOwner, boolean readOnly, Instant since, String by) {}

  /**
   * At most {@code limit} shares of a volume, by owner.
   *
   * @param after the last owner of the page before; empty for the first page
   * @throws Problem.NotFound for what the caller does not own
   */
  public List<Share> list(String idOrName, String after, int limit, Caller caller) {
    Volume volume = look(Reference.of(caller.identity(), idOrName));
    return database.read(
        "select with_owner, read_only, created_at, created_by from volume_share"
            + " where volume_id = ? and with_owner > ? order by with_owner limit ?",
        VolumeSharing::shares,
        volume.id,
        after,
        limit);
  }

  private static List<Share> shares(Columns row) throws SQLException {
    List<Share> found = new ArrayList<>();
    while (row.next()) {
      found.add(new Share(row.text(), row.flag(), row.time(), row.text()));
    }
    return found;
  }

  /** Makes the changes of a volume as it is now. */
  @FunctionalInterface
  private interface Plan {
    Changes of(Volume volume);
  }

  private void change(String idOrName, Caller caller, Plan plan) {
    Reference which = Reference.of(caller.identity(), idOrName);
    Volume found = look(which);
    try (Held held = locks.lock(found.id)) {
      Changes changes = plan.of(look(which));
      records.following(
          found.id,
          () -> {
            database.commit(changes);
            return null;
          });
    }
  }

  private Volume look(Reference which) {
    Optional<Volume> volume = volumes.look(which).filter(v -> !v.state().deleted());
    return volume.orElseThrow(() -> new Problem.NotFound("volume", which.excerpt()));
  }
}
