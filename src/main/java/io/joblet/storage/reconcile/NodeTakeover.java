package io.joblet.storage.reconcile;

import io.joblet.storage.config.Incarnation;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Columns;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.Node;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.id.uuid.UuidVersion7Strategy;
import org.jboss.logging.Logger;

/**
 * Becomes the one daemon that may write this node's rows, for this pool. A pool and a database that
 * do not belong together are refused: reconciling them would set every volume aside.
 */
@ApplicationScoped
public class NodeTakeover {
  private static final Logger LOG = Logger.getLogger(NodeTakeover.class);

  private final EntityManager entities;
  private final Transactions transactions;
  private final RoundTrips database;
  private final CurrentNode current;
  private final Host host;
  private final Providers providers;
  private final StorageConfig config;
  private final Incarnation incarnation;
  private final String version;

  /** The installation that the pool belongs to; null unless an operator has to decide. */
  private volatile UUID waitsFor;

  NodeTakeover(
      EntityManager entities,
      Transactions transactions,
      RoundTrips database,
      CurrentNode current,
      Host host,
      Providers providers,
      StorageConfig config,
      Incarnation incarnation,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.entities = entities;
    this.transactions = transactions;
    this.database = database;
    this.current = current;
    this.host = host;
    this.providers = providers;
    this.config = config;
    this.incarnation = incarnation;
    this.version = version;
  }

  /**
   * Takes the node over, or refuses and changes nothing. With a new database, and where that is
   * allowed, it takes the node but not the pool: {@link #isWaiting} says so.
   *
   * @throws Problem.InTheWay when pool and database do not belong together
   */
  public void take() {
    Optional<UUID> installation = installation();
    refuseAnotherNodes();
    Optional<UUID> former =
        transactions.call(() ->
            Node.<Node>find("name", nodeName()).firstResultOptional().map(n -> n.incarnation));
    Node node = transactions.call(this::becomeTheWriter);
    current.become(node);
    former.ifPresent(f -> transactions.run(() -> endSessionsOf(f)));
    if (installation.isPresent() && host.installation().isEmpty()) {
      host.markInstallation(installation.get());
    }
    waitsFor = installation.isPresent() ? null : host.installation().orElseThrow();
    LOG.infof(
        "node %s (%s) in installation %s, boot %s",
        node.name, node.id, installation.map(UUID::toString).orElse("(none yet)"), node.bootId);
  }

  /** Whether the database is new, and the pool is another one's until an operator has decided. */
  boolean isWaiting() {
    return waitsFor != null;
  }

  /**
   * Gives the database an installation of its own, which takes the place of the pool's; nothing if
   * that has been done and only {@link #claim} has not.
   */
  void addInstallation(Changes changes) {
    changes.add(
        "insert into installation (id, took_over) values (?, ?) on conflict do nothing",
        UuidVersion7Strategy.INSTANCE.generateUuid(null),
        waitsFor);
  }

  /** Writes the new id into the pool, now that {@link #addInstallation} has been committed. */
  void claim() {
    installation();
    waitsFor = null;
  }

  /** Empty where the pool is another one's, and that may be changed. */
  private Optional<UUID> installation() {
    Optional<UUID> inDatabase = transactions.call(this::installationInDatabase);
    Optional<UUID> onPool = host.installation();
    if (onPool.isPresent()
        && inDatabase.isPresent()
        && onPool.equals(transactions.call(this::tookOver))) {
      LOG.infof("the pool of installation %s is now that of %s", onPool.get(), inDatabase.get());
      host.replaceInstallation(onPool.get(), inDatabase.get());
      return inDatabase;
    }
    if (onPool.isPresent() && inDatabase.isPresent() && !onPool.equals(inDatabase)) {
      throw mismatch(
          "the pool belongs to installation "
              + onPool.get()
              + " and the database to "
              + inDatabase.get());
    }
    if (onPool.isPresent() && inDatabase.isEmpty() && config.recover()) {
      return Optional.empty();
    }
    if (onPool.isPresent() && inDatabase.isEmpty()) {
      throw mismatch(
          "the pool belongs to installation " + onPool.get() + ", but the database is a new one");
    }
    if (onPool.isEmpty() && inDatabase.isPresent() && transactions.call(this::hasDataOnDisk)) {
      throw mismatch(
          volumesInPool().isEmpty()
              ? "the database has volumes on this node, but the pool is empty: is it not mounted?"
              : "the pool has volumes and does not say whose: its file .installation is missing;"
                  + " if they are this database's, write "
                  + inDatabase.get()
                  + " into it");
    }
    return inDatabase.or(() -> Optional.of(transactions.call(this::newInstallation)));
  }

  /**
   * The rows of this node explain nothing of another's, whose volumes would be set aside: those of
   * a host that was renamed, which is another node, or some that were carried into this pool.
   */
  private void refuseAnotherNodes() {
    if (!transactions.call(this::hasOtherNodes)) {
      return;
    }
    List<UUID> here = volumesInPool();
    List<String> nodes = here.isEmpty() ? List.of() : nodesOf(here);
    if (!nodes.isEmpty()) {
      throw mismatch(
          "the pool has volumes of node '"
              + String.join("', '", nodes)
              + "' and this is node '"
              + nodeName()
              + "'; was the host renamed? joblet.node can give it its former name");
    }
  }

  private boolean hasOtherNodes() {
    return Node.count("name <> ?1", nodeName()) > 0;
  }

  private List<UUID> volumesInPool() {
    return Stream.of("", Layout.IMAGES, Layout.TRASH)
        .flatMap(directory -> host.list(ManagedRoot.VOLUMES, directory).stream())
        .flatMap(name -> UnknownCheck.volumeId(name).stream())
        .distinct()
        .toList();
  }

  private List<String> nodesOf(List<UUID> volumes) {
    return database.readAll(
        """
        select distinct n.name from volume v join node n on n.id = v.node_id
        where n.name <> ? and v.id = any(?) order by n.name
        """,
        Columns::text,
        nodeName(),
        volumes.toArray(UUID[]::new));
  }

  private Optional<UUID> tookOver() {
    return entities
        .createNativeQuery("select took_over from installation where took_over is not null")
        .getResultStream()
        .map(UUID.class::cast)
        .findFirst();
  }

  private static Problem mismatch(String what) {
    return new Problem.InTheWay(
        "INSTALLATION",
        "installation",
        what + "; nothing was changed. docs/recovery.md says what can be done");
  }

  private Optional<UUID> installationInDatabase() {
    List<?> ids = entities.createNativeQuery("select id from installation").getResultList();
    return ids.isEmpty() ? Optional.empty() : Optional.of((UUID) ids.getFirst());
  }

  private UUID newInstallation() {
    UUID id = UuidVersion7Strategy.INSTANCE.generateUuid(null);
    entities
        .createNativeQuery("insert into installation (id) values (:id)")
        .setParameter("id", id)
        .executeUpdate();
    return id;
  }

  private boolean hasDataOnDisk() {
    return (Boolean)
        entities
            .createNativeQuery(
                """
                select exists (select from volume v join node n on n.id = v.node_id
                               where n.name = :name and v.provider <> :memory
                                 and v.state not in ('CREATING', 'PURGING'))
                """)
            .setParameter("name", nodeName())
            .setParameter("memory", ProviderName.MEMORY.text())
            .getSingleResult();
  }

  private Node becomeTheWriter() {
    Node node = Node.find("name", nodeName()).firstResult();
    if (node == null) {
      node = new Node();
      node.id = UuidVersion7Strategy.INSTANCE.generateUuid(null);
      node.name = nodeName();
    }
    node.bootId = host.bootId();
    node.incarnation = incarnation.id();
    node.version = version;
    node.provider = providers.explain();
    node.startedAt = Instant.now();
    node.persistAndFlush();
    return node;
  }

  /**
   * A statement that passed the fencing trigger before we took over could still commit after it:
   * end its session. Sessions that the former daemon opens from now on do not pass.
   */
  private void endSessionsOf(UUID former) {
    entities
        .createNativeQuery(
            """
            select count(*) filter (where pg_terminate_backend(pid, 5000)) from pg_stat_activity
            where datname = current_database() and application_name = :former
            """)
        .setParameter("former", Incarnation.applicationName(former))
        .getSingleResult();
  }

  private String nodeName() {
    return config.node().filter(n -> !n.isBlank()).orElseGet(HostName::local);
  }
}
