package io.joblet.storage.broken.config;

/** Not for cli, which takes only {@link Size} from here. */
public final class Settings {}
