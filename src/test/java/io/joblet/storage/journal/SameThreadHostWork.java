package io.joblet.storage.journal;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Vetoed;
import java.util.function.Supplier;

/** Work on a host that blocks nobody: on the caller's own thread, which makes its order certain. */
@Vetoed
public class SameThreadHostWork extends HostWork {
  public SameThreadHostWork(Host host, MeterRegistry meters, StorageConfig config) {
    super(host, meters, config);
  }

  @Override
  public <T> T ask(Supplier<T> question) {
    return askInPlace(question);
  }
}
