package io.joblet.storage.usage;

import io.joblet.storage.host.Host;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Capacity;
import io.joblet.storage.volume.Use;
import io.joblet.storage.volume.VolumeQueries;
import io.joblet.storage.volume.VolumeType;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Reads what every volume uses, asking each backend once, and stores it in one statement however
 * many they are. A crash leaves a sampling that is there or not.
 *
 * <p>One at a time; for any thread that has no transaction open.
 */
@ApplicationScoped
public class UsageSampler {
  private final VolumeQueries volumes;
  private final Capacity capacity;
  private final RoundTrips trips;
  private final CurrentNode node;
  private final UsageHistory history;

  UsageSampler(
      VolumeQueries volumes,
      Capacity capacity,
      RoundTrips trips,
      CurrentNode node,
      UsageHistory history) {
    this.volumes = volumes;
    this.capacity = capacity;
    this.trips = trips;
    this.node = node;
    this.history = history;
  }

  /**
   * What one sampling did.
   *
   * @param at the time that its samples bear
   * @param volumes how many volumes could be read
   */
  public record Sampling(Instant at, long volumes, Duration took) {}

  /** Samples now. */
  public Sampling sample() {
    return sample(Instant.now());
  }

  /**
   * Samples, and first and afterwards keeps the history in order.
   *
   * @param at the time to store, which decides about partitions, hours and days too
   * @throws Problem when host or database cannot be asked; nothing is stored then
   */
  public synchronized Sampling sample(Instant at) {
    long start = System.nanoTime();
    history.prepare(at);
    List<Use> uses = volumes.use();
    Instant stamp = at.truncatedTo(ChronoUnit.MICROS);
    trips.commit(changes(stamp, uses, capacity.pool()));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    history.keepUp(at);
    return new Sampling(stamp, uses.size(), took);
  }

  private Changes changes(Instant at, List<Use> uses, Host.Space pool) {
    return new Changes()
        .add(SampleSql.PLANNED_ANEW)
        .add(
            SampleSql.STORE,
            at,
            at.truncatedTo(ChronoUnit.HOURS),
            node.id(),
            node.id(),
            uses.stream().map(use -> use.volumeId().toString()).toArray(String[]::new),
            uses.stream().map(Use::bytes).toArray(Long[]::new),
            uses.stream().map(Use::inodes).toArray(Long[]::new),
            uses.stream().map(use -> use.method().name()).toArray(String[]::new),
            pool.sizeBytes(),
            pool.freeBytes(),
            capacity.claimed(VolumeType.FILESYSTEM),
            capacity.memoryBudgetBytes(),
            capacity.claimed(VolumeType.MEMORY));
  }
}
