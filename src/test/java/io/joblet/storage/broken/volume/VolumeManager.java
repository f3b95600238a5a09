package io.joblet.storage.broken.volume;

/** Breaks: no names that say nothing. */
public final class VolumeManager {}
