package io.joblet.storage.reconcile;

import io.joblet.storage.config.Size;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.Host.Qgroup;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ObstacleException;
import io.joblet.storage.reconcile.PoolPlaces.Place;
import io.joblet.storage.reconcile.Recoverable.Action;
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
 * Finds what could be brought back. What the disk itself tells, such as a limit in force, counts
 * more than a record, since that may be older. Asks the host, so it belongs on a host thread; one
 * instance for each scan.
 */
final class RecoveryScan {
  private static final int LONGEST_NAME = 63;
  private static final String EMPTY = "in memory: it comes back empty";

  private final Host kernel;
  private final HostInventory onHost;
  private final Map<UUID, Volume> rows;
  private final String fallbackOwner;
  private final Size smallest;
  private final Set<String> takenNames = new HashSet<>();
  private final Set<Long> takenGroups = new HashSet<>();
  private final List<Recoverable> found = new ArrayList<>();

  /**
   * @param rows every volume of this node
   * @param fallbackOwner whose a volume becomes of which nothing tells an owner
   * @param smallest what is smaller, and has no record, was never a volume
   */
  RecoveryScan(Host kernel, Map<UUID, Volume> rows, String fallbackOwner, Size smallest) {
    this.kernel = kernel;
    this.onHost = HostInventory.read(kernel);
    this.rows = rows;
    this.fallbackOwner = fallbackOwner;
    this.smallest = smallest;
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
          } else {
            withoutRow(id, of);
          }
        });
    for (String name : onHost.records().keySet().stream().sorted().toList()) {
      RecordCheck.volumeId(name)
          .filter(id -> !rows.containsKey(id) && !places.byVolume().containsKey(id))
          .ifPresent(this::withoutData);
    }
    places
        .strangers()
        .forEach(
            s -> found.add(Recoverable.left(null, s.path().relative(), "its name is no volume's")));
    return found;
  }

  private void withRow(Volume row, List<Place> places) {
    for (Place place : places) {
      ManagedPath home = place.home(row.id);
      boolean trashed = row.state() == VolumeState.TRASHED;
      ManagedPath proper = trashed ? Layout.trash(row.id) : home;
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
                used(place, row.qgroup),
                "its row is there, its data is elsewhere"));
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
    StringBuilder note = new StringBuilder();
    Optional<VolumeRecord> record = record(id, note);
    if (record.filter(r -> r.volume().provider == ProviderName.MEMORY).isPresent()
        && place.kind() == ProviderName.DIRECTORY) {
      adopt(record.get(), place, add(note, EMPTY), null, false);
      return;
    }
    if (record.filter(r -> r.volume().provider != place.kind()).isPresent()) {
      add(note, "its record is of another kind of volume");
      record = Optional.empty();
    }
    VolumeRecord wanted =
        record.orElseGet(() -> VolumeRecord.nameless(id, place.kind(), fallbackOwner));
    Volume volume = wanted.volume();
    Optional<String> obstacle = measure(volume, place, note);
    if (obstacle.isPresent()) {
      found.add(
          Recoverable.left(id, place.path().relative(), add(note, obstacle.get()).toString()));
      return;
    }
    if (record.isEmpty()) {
      add(note, "owner and name are made up");
    }
    adopt(wanted, place, note, used(place, volume.qgroup), place.in(Layout.TRASH));
  }

  private void withoutData(UUID id) {
    StringBuilder note = new StringBuilder();
    Optional<VolumeRecord> record = record(id, note);
    if (record.filter(r -> r.volume().provider == ProviderName.MEMORY).isPresent()) {
      adopt(record.get(), null, add(note, EMPTY), null, false);
    } else {
      add(note, "there is a record, and no data");
      found.add(Recoverable.left(id, Layout.record(id).relative(), note.toString()));
    }
  }

  private void adopt(
      VolumeRecord record, Place place, StringBuilder note, Long used, boolean trashed) {
    Volume volume = record.volume();
    if (trashed) {
      volume.isProtected = false;
    } else {
      String name = free(volume.owner, volume.name);
      if (!name.equals(volume.name)) {
        add(note, "was named '" + volume.name + "'");
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
            place == null ? Layout.record(volume.id).relative() : place.path().relative(),
            Action.ADOPT,
            record,
            trashed,
            aside ? Optional.of(place.path()) : Optional.empty(),
            used,
            note.toString()));
  }

  /** Empty, and a note says why, unless there is one that can be trusted. */
  private Optional<VolumeRecord> record(UUID id, StringBuilder note) {
    try {
      Optional<byte[]> file = kernel.read(Layout.record(id), VolumeRecord.LONGEST);
      if (file.isEmpty()) {
        add(note, "it has no record");
      }
      return file.map(bytes -> VolumeRecord.parse(id, bytes));
    } catch (ObstacleException e) {
      // Its own words are those of a step that goes no further; here a new record takes its place.
      add(note, "what lies in its record's place is no file of the daemon's, and was not read");
      return Optional.empty();
    } catch (HostException | IllegalArgumentException e) {
      add(note, "its record cannot be used (" + e.getMessage() + ")");
      return Optional.empty();
    }
  }

  /** Takes over what the disk says; returns why it cannot be a volume of its own. */
  private Optional<String> measure(Volume volume, Place place, StringBuilder note) {
    long recorded = volume.sizeBytes;
    switch (place.kind()) {
      case BTRFS -> {
        Optional<Qgroup> group =
            kernel.qgroupOf(place.path()).map(onHost.qgroups()::get).filter(g -> g != null);
        if (group.isEmpty() || takenGroups.contains(group.get().id())) {
          return Optional.of("it is in no quota group of its own, so no limit would hold");
        }
        volume.qgroup = group.get().id();
        if (group.get().limitBytes() > 0) {
          volume.sizeBytes = group.get().limitBytes();
        }
      }
      case LOOP -> {
        volume.sizeBytes = kernel.fileSize(place.path()).orElse(0L);
        Optional<String> unusable = noImage(place, volume.sizeBytes, recorded > 0);
        if (unusable.isPresent()) {
          return unusable;
        }
      }
      case DIRECTORY, MEMORY -> {}
    }
    if (volume.sizeBytes <= 0) {
      return Optional.of("nothing tells its size");
    }
    if (recorded > 0 && recorded != volume.sizeBytes) {
      add(note, "its record says " + recorded + " bytes");
    }
    return Optional.empty();
  }

  /** The smallest size may have been another when there was a volume, so a record counts more. */
  private Optional<String> noImage(Place place, long sizeBytes, boolean recorded) {
    try {
      if (!kernel.isExt4(place.path())) {
        return Optional.of("there is no ext4 in it");
      }
    } catch (HostException e) {
      return Optional.of("it cannot be read (" + e.getMessage() + ")");
    }
    return recorded || sizeBytes >= smallest.bytes()
        ? Optional.empty()
        : Optional.of("with " + sizeBytes + " bytes it is smaller than any volume");
  }

  private Long used(Place place, Long group) {
    Qgroup known = place.kind() == ProviderName.BTRFS ? onHost.qgroups().get(group) : null;
    return known == null ? null : Long.valueOf(known.referencedBytes());
  }

  private String free(String owner, String name) {
    String free = name;
    for (int i = 1; takenNames.contains(key(owner, free)); i++) {
      String suffix = "-recovered" + (i == 1 ? "" : "-" + i);
      free = name.substring(0, Math.min(name.length(), LONGEST_NAME - suffix.length())) + suffix;
    }
    return free;
  }

  private static StringBuilder add(StringBuilder note, String more) {
    return note.append(note.isEmpty() ? "" : "; ").append(more);
  }

  /** No owner's name has a slash. */
  private static String key(String owner, String name) {
    return owner + "/" + name;
  }
}
