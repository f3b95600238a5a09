package io.joblet.storage.simulation;

import io.joblet.storage.simulation.HostState.Entry;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a power cut leaves of the pool: all of it as it was at the last sync, and what has been
 * synced alone since. The worst that a file system may do; it may also have written everything.
 */
final class StableStorage {
  private static final String POOL = "VOLUMES:";

  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private final Map<String, String> contents = new HashMap<>();
  private final Map<Long, Long> qgroups = new TreeMap<>();

  void sync(HostState host) {
    entries.clear();
    entries.putAll(host.entries.subMap(POOL, POOL + Character.MAX_VALUE));
    contents.clear();
    entries.keySet().forEach(path -> contents.put(path, host.content(path)));
    qgroups.clear();
    qgroups.putAll(host.qgroups);
  }

  /** The one thing, as of fsync(2) of a file and of its directory. */
  void sync(HostState host, String path) {
    entries.put(path, host.entries.get(path));
  }

  void restore(HostState host) {
    host.entries.subMap(POOL, POOL + Character.MAX_VALUE).clear();
    host.entries.putAll(entries);
    contents.forEach(host::hold);
    host.qgroups.clear();
    host.qgroups.putAll(qgroups);
  }
}
