package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ObstacleException;
import io.joblet.storage.reconcile.PoolPlaces.Place;
import io.joblet.storage.reconcile.Recoverable.Action;
import io.joblet.storage.reconcile.Remains.Bounds;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeRecord;
import io.joblet.storage.volume.VolumeState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Finds what could be brought back. Asks the host, so it belongs on a host thread; one instance for
 * each scan.
 */
final class RecoveryScan {
  private static final int LONGEST_NAME = 63;
  private static final String EMPTY = "in memory: it comes back empty";

  /** Of a record that is longer than any. */
  private static final String TOO_LONG = "EFBIG";

  private final Host kernel;
  private final HostInventory onHost;
  private final Map<UUID, Volume> rows;
  private final Map<UUID, String> others;
  private final String fallbackOwner;
  private final Remains remains;
  private final Set<String> takenNames = new HashSet<>();
  private final Set<Long> takenGroups = new HashSet<>();
  private final List<Recoverable> found = new ArrayList<>();

  /**
   * @param rows every volume of this node
   * @param others the node of every volume of another one
   * @param fallbackOwner whose a volume becomes of which nothing tells an owner
   */
  RecoveryScan(
      Host kernel,
      Map<UUID, Volume> rows,
      Map<UUID, String> others,
      String fallbackOwner,
      Bounds bounds) {
    this.kernel = kernel;
    this.onHost = HostInventory.read(kernel);
    this.rows = rows;
    this.others = others;
    this.fallbackOwner = fallbackOwner;
    this.remains = new Remains(kernel, onHost, bounds);
    for (Volume row : rows.values()) {
      if (row.deletedAt == null) {
        takenNames.add(key(row.owner, row.name));
      }
      if (row.qgroup != null) {
        takenGroups.add(row.qgroup);
      }
    }
  }

  List<Recoverable> run() {
    PoolPlaces places = PoolPlaces.of(onHost, kernel);
    places
        .byVolume()
        .forEach((id, of) -> {
          if (rows.containsKey(id)) {
            withRow(rows.get(id), of);
          } else if (others.containsKey(id)) {
            of.forEach(p -> found.add(Recoverable.left(id, p.path().relative(), rowOf(id))));
          } else {
            withoutRow(id, of);
          }
        });
    for (String name : onHost.records().keySet().stream().sorted().toList()) {
      RecordCheck.volumeId(name)
          .filter(id -> !rows.containsKey(id) && !places.byVolume().containsKey(id))
          .ifPresent(id -> {
            if (others.containsKey(id)) {
              found.add(Recoverable.left(id, Layout.record(id).relative(), rowOf(id)));
            } else {
              withoutData(id);
            }
          });
    }
    places
        .strangers()
        .forEach(s ->
            found.add(
                Recoverable.left(
                    null,
                    s.path().relative(),
                    s.in(Layout.QUARANTINE) && KeptRecord.is(s.path().name())
                        ? "a record that could not be used; it is kept for people to read"
                        : "its name is no volume's")));
    return found;
  }

  private String rowOf(UUID id) {
    return "its row is that of node '" + others.get(id) + "'";
  }

  private void withRow(Volume row, List<Place> places) {
    for (Place place : places) {
      boolean trashed = row.state() == VolumeState.TRASHED;
      ManagedPath proper = place.kind().data(row.id, trashed);
      if (place.path().equals(proper) || place.kind() != row.provider) {
        continue;
      }
      boolean missed = (trashed || row.state() == VolumeState.LOST) && !kernel.exists(proper);
      if (missed && (place.in(Layout.QUARANTINE) || place.in(Layout.TRASH))) {
        found.add(
            new Recoverable(
                row.id,
                place.path().relative(),
                Action.RETURN,
                VolumeRecord.of(row),
                trashed,
                Optional.of(place.path()),
                Optional.empty(),
                false,
                remains.used(row.qgroup),
                "its row is there, its data is elsewhere"));
      } else if (kernel.exists(proper) && ProviderName.ofData(proper, kernel) != row.provider) {
        found.add(
            Recoverable.left(
                row.id,
                place.path().relative(),
                "something else lies in its place; take away " + proper.relative() + " first"));
      } else if (place.in(Layout.QUARANTINE)) {
        found.add(
            Recoverable.left(
                row.id,
                place.path().relative(),
                "volume '" + row.name + "' has its data elsewhere"));
      }
    }
  }

  private void withoutRow(UUID id, List<Place> places) {
    if (places.size() > 1) {
      places.forEach(
          p -> found.add(Recoverable.left(id, p.path().relative(), "it is there more than once")));
      return;
    }
    Place place = places.getFirst();
    Note note = new Note();
    Found record = record(id, note);
    if (record.unreadable()) {
      found.add(Recoverable.left(id, place.path().relative(), note.text()));
      return;
    }
    if (record.isOf(ProviderName.MEMORY) && place.kind() == ProviderName.DIRECTORY) {
      inMemory(record.usable().get(), place, note);
      return;
    }
    if (record.usable().isPresent() && !record.isOf(place.kind())) {
      note.add("its record is of another kind of volume");
      record = Found.UNUSABLE;
    }
    VolumeRecord wanted =
        record.usable().orElseGet(() -> VolumeRecord.nameless(id, place.kind(), fallbackOwner));
    Volume volume = wanted.volume();
    Optional<String> obstacle = remains.measure(volume, place, takenGroups, note);
    if (obstacle.isPresent()) {
      found.add(Recoverable.left(id, place.path().relative(), note.add(obstacle.get()).text()));
      return;
    }
    if (record.usable().isEmpty()) {
      remains.identify(volume, place, note);
    }
    Optional<ManagedPath> keep =
        record.toKeep() ? Optional.of(KeptRecord.place(id, onHost.quarantine())) : Optional.empty();
    keep.ifPresent(to -> note.add("its record is kept as " + to.relative()));
    adopt(wanted, place, keep, note);
  }

  private void withoutData(UUID id) {
    Note note = new Note();
    Found record = record(id, note);
    if (record.isOf(ProviderName.MEMORY)) {
      inMemory(record.usable().get(), null, note);
    } else {
      note.add("there is a record, and no data");
      found.add(Recoverable.left(id, Layout.record(id).relative(), note.text()));
    }
  }

  /** One that is too large would take all that others may have; its record stays for later. */
  private void inMemory(VolumeRecord record, Place place, Note note) {
    Optional<String> obstacle = remains.tooLargeForMemory(record.volume());
    if (obstacle.isPresent()) {
      UUID id = record.volume().id;
      found.add(Recoverable.left(id, where(id, place), note.add(obstacle.get()).text()));
    } else {
      adopt(record, place, Optional.empty(), note.add(EMPTY));
    }
  }

  private static String where(UUID id, Place place) {
    return place == null ? Layout.record(id).relative() : place.path().relative();
  }

  private void adopt(VolumeRecord record, Place place, Optional<ManagedPath> keep, Note note) {
    Volume volume = record.volume();
    boolean trashed =
        place != null && place.in(Layout.TRASH) && volume.provider != ProviderName.MEMORY;
    if (trashed) {
      volume.isProtected = false;
    } else {
      String name = free(volume.owner, volume.name);
      if (!name.equals(volume.name)) {
        note.add("was named '" + volume.name + "'");
        volume.name = name;
      }
      takenNames.add(key(volume.owner, name));
    }
    if (volume.qgroup != null) {
      takenGroups.add(volume.qgroup);
    }
    boolean aside = place != null && place.in(Layout.QUARANTINE);
    found.add(
        new Recoverable(
            volume.id,
            where(volume.id, place),
            Action.ADOPT,
            record,
            trashed,
            aside ? Optional.of(place.path()) : Optional.empty(),
            keep,
            volume.provider == ProviderName.BTRFS && volume.qgroup == null,
            remains.used(volume.qgroup),
            note.text()));
  }

  /**
   * What lies in the place of a record.
   *
   * @param usable empty unless it is one that can be trusted
   * @param toKeep whether there is a file that is to be kept when a record takes its place
   * @param unreadable whether nobody knows if it can be trusted
   */
  private record Found(Optional<VolumeRecord> usable, boolean toKeep, boolean unreadable) {
    static final Found NOTHING = new Found(Optional.empty(), false, false);
    static final Found UNUSABLE = new Found(Optional.empty(), true, false);
    static final Found UNREADABLE = new Found(Optional.empty(), false, true);

    boolean isOf(ProviderName provider) {
      return usable.filter(r -> r.volume().provider == provider).isPresent();
    }
  }

  /** The note says why it cannot be used. */
  private Found record(UUID id, Note note) {
    try {
      Optional<byte[]> file = kernel.read(Layout.record(id), VolumeRecord.LONGEST);
      if (file.isEmpty()) {
        note.add("it has no record");
        return Found.NOTHING;
      }
      return new Found(Optional.of(VolumeRecord.parse(id, file.get())), false, false);
    } catch (ObstacleException e) {
      // Its own words are those of a step that goes no further; here a new record takes its place.
      note.add("what lies in its record's place is no file of the daemon's, and was not read");
      return Found.NOTHING;
    } catch (HostException e) {
      if (e.errno().equals(TOO_LONG)) {
        return unusable(e, note);
      }
      // It can be a moment's: memory or descriptors were short, or the disk.
      note.add("its record cannot be read (" + e.getMessage() + "); take it away if that stays so");
      return Found.UNREADABLE;
    } catch (IllegalArgumentException e) {
      return unusable(e, note);
    }
  }

  private static Found unusable(RuntimeException why, Note note) {
    note.add("its record cannot be used (" + why.getMessage() + ")");
    return Found.UNUSABLE;
  }

  private String free(String owner, String name) {
    String free = name;
    for (int i = 1; takenNames.contains(key(owner, free)); i++) {
      String suffix = "-recovered" + (i == 1 ? "" : "-" + i);
      free = name.substring(0, Math.min(name.length(), LONGEST_NAME - suffix.length())) + suffix;
    }
    return free;
  }

  /** No owner's name has a slash. */
  private static String key(String owner, String name) {
    return owner + "/" + name;
  }
}
