package io.joblet.storage.config;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * One start of the daemon. Every database session carries it as the setting {@code
 * joblet.incarnation}, and the database refuses changes by any but the one it was told of last, so
 * that a daemon that was thought dead changes nothing.
 */
@Singleton
public class Incarnation {
  /** Outside of {@code joblet.}, since people do not set it. */
  public static final String PROPERTY = "joblet-storage.incarnation";

  private final UUID id;

  @Inject
  public Incarnation(@ConfigProperty(name = PROPERTY) UUID id) {
    this.id = id;
  }

  public UUID id() {
    return id;
  }

  /** What that daemon's sessions are called in {@code pg_stat_activity}. */
  public static String applicationName(UUID incarnation) {
    return "joblet-storage/" + incarnation;
  }
}
