package io.joblet.storage.faults;

/** The backends that a daemon with a btrfs pool has. */
enum Kind {
  BTRFS,
  LOOP,
  MEMORY
}
