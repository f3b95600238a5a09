package io.joblet.storage.volume;

/** Who else may hold a volume at the same time; all its attachments have the same mode. */
public enum AccessMode {
  /** Nobody else. */
  EXCLUSIVE,
  /** Others that ask for the same; each may write unless it is read-only itself. */
  SHARED,
  /** Others that ask for the same; nobody writes. */
  SHARED_READ_ONLY
}
