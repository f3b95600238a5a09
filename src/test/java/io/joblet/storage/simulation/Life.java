package io.joblet.storage.simulation;

import io.agroal.api.AgroalDataSource;
import io.joblet.storage.config.Incarnation;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.job.JobLocks;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.journal.SameThreadHostWork;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.journal.Unfinished;
import io.joblet.storage.journal.WatchedRoundTrips;
import io.joblet.storage.reconcile.Settling;
import io.joblet.storage.volume.QgroupNumbers;
import io.joblet.storage.volume.VolumeLocks;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import jakarta.persistence.EntityManager;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.UUID;

/**
 * The daemon from one start to its death: real use cases on a simulated host, with everything that
 * it keeps in memory. The next life has none of it.
 */
final class Life {
  private final Graph graph = new Graph();
  private final Points points;
  private final Taken taken;
  private final SweepTime time;

  /** What the real container has, and what all lives share. */
  record Surroundings(StorageConfig config, EntityManager entities, AgroalDataSource source) {

    /** The same settings, for another node. */
    Surroundings on(String node) {
      InvocationHandler other =
          (proxy, method, arguments) ->
              method.getName().equals("node")
                  ? Optional.of(node)
                  : method.invoke(config, arguments);
      StorageConfig settings =
          (StorageConfig)
              Proxy.newProxyInstance(
                  StorageConfig.class.getClassLoader(),
                  new Class<?>[] {StorageConfig.class},
                  other);
      return new Surroundings(settings, entities, source);
    }
  }

  Life(Surroundings around, HostState host, Points points, Turns turns, SweepTime time) {
    this.points = points;
    this.time = time;
    taken = new Taken(turns, points);
    MeterRegistry meters = new CompositeMeterRegistry();
    WatchedTransactions transactions = new WatchedTransactions(points);
    SimulatedHost simulated = new SimulatedHost(host, points);
    graph.put(StorageConfig.class, around.config());
    graph.put(EntityManager.class, around.entities());
    graph.put(AgroalDataSource.class, around.source());
    graph.put(Incarnation.class, new Incarnation(UUID.randomUUID()));
    graph.put(String.class, "simulated");
    graph.put(MeterRegistry.class, meters);
    graph.put(Host.class, simulated);
    graph.put(JobProcesses.class, new NoProcesses());
    graph.put(HostWork.class, new SameThreadHostWork(simulated, meters, around.config()));
    graph.put(Transactions.class, transactions);
    graph.put(RoundTrips.class, new WatchedRoundTrips(around.source(), transactions, transactions));
    graph.put(VolumeLocks.class, new TakenVolumes(taken));
    graph.put(JobLocks.class, new TakenJobs(taken));
    graph.put(QgroupNumbers.class, numbers());
    graph.put(Unfinished.class, graph.get(Settling.class));
  }

  /** It has a monitor around its transaction, so nobody may get a turn within that. */
  private QgroupNumbers numbers() {
    Graph plain = new Graph();
    plain.put(EntityManager.class, graph.get(EntityManager.class));
    plain.put(Transactions.class, new Transactions());
    return plain.get(QgroupNumbers.class);
  }

  <T> T part(Class<T> type) {
    return time.told(graph.get(type));
  }

  Points points() {
    return points;
  }

  Taken taken() {
    return taken;
  }
}
