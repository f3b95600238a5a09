package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.volume.ProviderName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What lies in the pool, by the volume whose it is by its name.
 *
 * @param strangers names that are no volume's
 */
record PoolPlaces(Map<UUID, List<Place>> byVolume, List<Place> strangers) {

  /** Something at a place, and what kind of volume it would be. */
  record Place(ManagedPath path, ProviderName kind) {
    boolean in(String directory) {
      return path.relative().startsWith(directory + "/");
    }
  }

  static PoolPlaces of(HostInventory onHost, Host kernel) {
    PoolPlaces places = new PoolPlaces(new TreeMap<>(), new ArrayList<>());
    places.add("", onHost.volumes().stream().filter(n -> !UnknownCheck.isOurs(n)).toList(), kernel);
    places.add(Layout.IMAGES + "/", onHost.images(), kernel);
    places.add(Layout.TRASH + "/", onHost.trash(), kernel);
    places.add(Layout.QUARANTINE + "/", onHost.quarantine(), kernel);
    places.byVolume.values().forEach(PoolPlaces::dropStage);
    return places;
  }

  private void add(String directory, Collection<String> names, Host kernel) {
    for (String name : names.stream().sorted().toList()) {
      ManagedPath path = ManagedPath.of(ManagedRoot.VOLUMES, directory + name);
      Place place = new Place(path, ProviderName.ofData(path, kernel));
      Optional<UUID> id = volumeId(name);
      if (id.isPresent()) {
        byVolume.computeIfAbsent(id.get(), i -> new ArrayList<>()).add(place);
      } else {
        strangers.add(place);
      }
    }
  }

  /** Beside an image, a directory of the same name is where it is or was mounted. */
  private static void dropStage(List<Place> places) {
    if (places.stream().anyMatch(p -> p.kind() == ProviderName.LOOP)) {
      places.removeIf(p -> p.kind() == ProviderName.DIRECTORY);
    }
  }

  /** An image that was never finished is no volume's. */
  private static Optional<UUID> volumeId(String name) {
    try {
      String bare = name.endsWith(".ext4") ? name.substring(0, name.length() - 5) : name;
      UUID id = UUID.fromString(bare);
      return id.toString().equals(bare) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
