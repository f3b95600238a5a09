package io.joblet.storage.broken.config;

/** The one setting type that cli may know. */
public record Size(long bytes) {}
