package io.joblet.storage.broken.attic;

/** Lives in a package that the architecture does not name. */
public final class Unknown {}
