package io.joblet.storage.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The daemon's settings as a start reads them, without a daemon. */
public final class Settings {
  private static final int ANY_ORDINAL = 100;

  private Settings() {}

  public static StorageConfig of(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withMapping(StorageConfig.class)
        .withSources(new PropertiesConfigSource(settings, "test", ANY_ORDINAL))
        .build()
        .getConfigMapping(StorageConfig.class);
  }
}
