package io.joblet.storage.reconcile;

import io.joblet.storage.config.Incarnation;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.Node;
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
  private final CurrentNode current;
  private final Host host;
  private final Providers providers;
  private final StorageConfig config;
  private final Incarnation incarnation;
  private final String version;

  NodeTakeover(
      EntityManager entities,
      Transactions transactions,
      CurrentNode current,
      Host host,
      Providers providers,
      StorageConfig config,
      Incarnation incarnation,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.entities = entities;
    this.transactions = transactions;
    this.current = current;
    this.host = host;
    this.providers = providers;
    this.config = config;
    this.incarnation = incarnation;
    this.version = version;
  }

  /**
   * Takes the node over, or refuses and changes nothing.
   *
   * @throws Problem.InTheWay when pool and database do not belong together
   */
  public void take() {
    UUID installation = installation();
    Optional<UUID> former =
        transactions.call(() ->
            Node.<Node>find("name", nodeName()).firstResultOptional().map(n -> n.incarnation));
    Node node = transactions.call(this::becomeTheWriter);
    current.become(node);
    former.ifPresent(f -> transactions.run(() -> endSessionsOf(f)));
    if (host.installation().isEmpty()) {
      host.markInstallation(installation);
    }
    LOG.infof(
        "node %s (%s) in installation %s, boot %s", node.name, node.id, installation, node.bootId);
  }

  private UUID installation() {
    Optional<UUID> onPool = host.installation();
    Optional<UUID> inDatabase = transactions.call(this::installationInDatabase);
    if (onPool.isPresent() && inDatabase.isPresent() && !onPool.equals(inDatabase)) {
      throw mismatch(
          "the pool belongs to installation "
              + onPool.get()
              + " and the database to "
              + inDatabase.get());
    }
    if (onPool.isPresent() && inDatabase.isEmpty()) {
      throw mismatch(
          "the pool belongs to installation " + onPool.get() + ", but the database is a new one");
    }
    if (onPool.isEmpty() && inDatabase.isPresent() && transactions.call(this::hasDataOnDisk)) {
      throw mismatch(
          "the database has volumes on this node, but the pool is empty: is it not mounted?");
    }
    return inDatabase.orElseGet(() -> transactions.call(this::newInstallation));
  }

  private static Problem mismatch(String what) {
    return new Problem.InTheWay(
        "INSTALLATION",
        "installation",
        what + "; nothing was changed. docs/recovery.md says what can be done");
  }

  private Optional<UUID> installationInDatabase() {
    List<?> ids =
        entities.createNativeQuery("select id from installation", UUID.class).getResultList();
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
                """,
                Boolean.class)
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
