package io.joblet.storage.journal;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.inject.Vetoed;
import jakarta.transaction.Status;
import java.util.function.Supplier;

/** Work on a host that blocks nobody: on the caller's own thread, which makes its order certain. */
@Vetoed
public class SameThreadHostWork extends HostWork {
  public SameThreadHostWork(Host host, MeterRegistry meters, StorageConfig config) {
    super(host, meters, config);
  }

  @Override
  public <T> T ask(Supplier<T> question) {
    if (QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
      throw new IllegalStateException("a database transaction is open while the host is asked");
    }
    try {
      return question.get();
    } catch (HostException e) {
      throw HostProblems.of(e);
    }
  }
}
