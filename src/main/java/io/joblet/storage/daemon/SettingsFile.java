package io.joblet.storage.daemon;

import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;

/**
 * The settings file, if there is one; unlike {@code quarkus.config.locations} it does not warn when
 * there is none. Overridden by the environment and by system properties.
 */
public final class SettingsFile implements ConfigSourceProvider {
  /** System property that names another file; outside of {@code joblet.}, being no setting. */
  public static final String LOCATION = "joblet-storage.settings";

  private static final String DEFAULT = "/etc/joblet/storage.properties";

  /** Above application.properties (250), below the environment (300). */
  private static final int ORDINAL = 275;

  @Override
  public Iterable<ConfigSource> getConfigSources(ClassLoader loader) {
    Path file = Path.of(System.getProperty(LOCATION, DEFAULT));
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return List.of(new PropertiesConfigSource(file.toUri().toURL(), ORDINAL));
    } catch (IOException e) {
      throw new StartException("read " + file + ": " + e.getMessage(), e);
    }
  }
}
