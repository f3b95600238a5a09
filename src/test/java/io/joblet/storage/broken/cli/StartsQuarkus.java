package io.joblet.storage.broken.cli;

import io.quarkus.runtime.Quarkus;

/** Breaks: cli runs without the daemon's framework. */
public final class StartsQuarkus {
  Quarkus quarkus;
}
