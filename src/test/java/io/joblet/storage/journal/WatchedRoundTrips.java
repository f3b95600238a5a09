package io.joblet.storage.journal;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.inject.Vetoed;
import java.util.concurrent.Callable;

/** Round trips that somebody stands around: they may be held up, refused, or lose their answers. */
@Vetoed
public class WatchedRoundTrips extends RoundTrips {
  private final Around around;

  /** What happens around a transaction. */
  public interface Around {
    <T> T perform(Callable<T> transaction);
  }

  public WatchedRoundTrips(AgroalDataSource source, Transactions transactions, Around around) {
    super(source, transactions);
    this.around = around;
  }

  @Override
  public <T> T read(String sql, Reader<T> reader, Object... parameters) {
    return around.perform(() -> super.read(sql, reader, parameters));
  }

  @Override
  public void commit(Changes changes) {
    around.perform(() -> {
      super.commit(changes);
      return null;
    });
  }
}
