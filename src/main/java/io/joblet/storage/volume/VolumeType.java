package io.joblet.storage.volume;

/** Where the data lives. */
public enum VolumeType {
  /** On disk, until it is deleted. */
  FILESYSTEM,
  /** In memory, from the first attach to the last detach. */
  MEMORY
}
