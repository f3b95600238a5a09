package io.joblet.storage.daemon;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * What is known only once the database runs: handed to Quarkus in memory, since system properties
 * and the environment can be read by others and end up in dumps. Overrides every other source.
 */
public final class StartSettings implements ConfigSource {
  private static final int ABOVE_SYSTEM_PROPERTIES = 500;
  private static volatile Map<String, String> settings = Map.of();

  /** Before Quarkus starts; it reads them once. */
  public static void publish(Map<String, String> values) {
    settings = Map.copyOf(values);
  }

  @Override
  public Set<String> getPropertyNames() {
    return settings.keySet();
  }

  @Override
  public String getValue(String name) {
    return settings.get(name);
  }

  @Override
  public String getName() {
    return "start of joblet-storage";
  }

  @Override
  public int getOrdinal() {
    return ABOVE_SYSTEM_PROPERTIES;
  }
}
