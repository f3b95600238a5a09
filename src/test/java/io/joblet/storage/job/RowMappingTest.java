package io.joblet.storage.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Role;
import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.AccessMode;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.AttachmentRows;
import io.joblet.storage.volume.AttachmentStore;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeRows;
import io.joblet.storage.volume.VolumeStore;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The SQL of the calls that are made most says the same as the entities, column by column. */
@QuarkusTest
class RowMappingTest {
  private static final Caller ROOT = Caller.daemon("root");

  @Inject RoundTrips database;
  @Inject Transactions transactions;
  @Inject CurrentNode node;
  @Inject HoldingsReader holdings;
  @Inject VolumeStore volumes;
  @Inject AttachmentStore attachments;
  @Inject JobStore jobs;
  @Inject Jobs fresh;

  private final UUID id = UUID.randomUUID();
  private final String name = "mapped-" + id.toString().substring(0, 8);
  private final Job job = new Job();
  private final Attachment attachment = new Attachment();

  @BeforeEach
  void volumeWithEveryColumn() {
    database.commit(
        new Changes()
            .add(
                "insert into volume (id, node_id, owner, name, type, provider, enforcement, state,"
                    + " size_bytes, wanted_size_bytes, inode_limit, qgroup, uid, gid, mode,"
                    + " protected, idle_timeout_seconds, labels, held_as, created_at, created_by,"
                    + " last_used_at, purge_after, reason, row_version) values (?, ?, 'root', ?,"
                    + " 'MEMORY', 'memory', 'TMPFS', 'UPDATING', 4096, 8192, 7, null, 1, 2, 493,"
                    + " false, 60, '{\"b\": \"1\", \"a\": \"2\"}', 'EXCLUSIVE', now(), 'me', now(),"
                    + " now(), 'why', 5)",
                id,
                node.id(),
                name));
  }

  @AfterEach
  void remove() {
    database.commit(
        new Changes()
            .add("delete from attachment where volume_id = ?", id)
            .add("delete from job where name = ?", name)
            .add("delete from volume where id = ?", id));
  }

  private static Caller somebody(Role role) {
    return new Caller(new Identity("cn:somebody", "somebody", role, "here"), Optional.empty());
  }

  private void attach() {
    Job made =
        fresh.fresh(
            new JobName(name),
            new Liveness.OfProcess(7),
            Optional.of(new ProcessIdentity("boot", 7, 8)),
            Caller.daemon("root"));
    job.id = made.id;
    attachment.id = UUID.randomUUID();
    attachment.nodeId = node.id();
    attachment.volumeId = id;
    attachment.jobId = made.id;
    attachment.jobName = name;
    attachment.jobOwner = made.owner;
    attachment.jobDirectory = made.directory;
    attachment.mountPath = "/x";
    attachment.readOnly = true;
    attachment.accessMode = AccessMode.EXCLUSIVE;
    attachment.state = Attachment.State.ATTACHED;
    attachment.createdAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
    attachment.attachedAt = attachment.createdAt.plusSeconds(1);
    attachment.reason = "because";
    Changes changes = new Changes();
    JobRows.insert(changes, made);
    AttachmentRows.insert(changes, attachment);
    database.commit(changes);
  }

  @Test
  void readsWhatTheEntitiesRead() {
    attach();

    Holdings read = holdings.forAttaching(ROOT, List.of(name), new JobName(name));

    assertThat(read.require(name))
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes("(.*\\.)?[$][$]_hibernate.*")
        .isEqualTo(transactions.call(() -> volumes.findById(id)));
    assertThat(read.job().orElseThrow())
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes("(.*\\.)?[$][$]_hibernate.*")
        .isEqualTo(transactions.call(() -> jobs.findById(job.id)));
    assertThat(read.ofVolume(id))
        .singleElement()
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes("(.*\\.)?[$][$]_hibernate.*")
        .isEqualTo(transactions.call(() -> attachments.findById(attachment.id)))
        .isEqualTo(attachment);
    assertThat(read.total()).isPositive();
  }

  @Test
  void findsAVolumeByItsIdAndWithoutAnyHolder() {
    assertThat(holdings.ofVolume(ROOT, id.toString()).require(id.toString()).name).isEqualTo(name);
    assertThat(holdings.ofVolume(ROOT, name).ofVolume(id)).isEmpty();
    assertThat(holdings.ofVolume(somebody(Role.MAINTAINER), name).volumes()).isEmpty();
  }

  @Test
  void findsAnothersVolumeForAnAdminOnly() {
    Caller admin = somebody(Role.ADMIN);
    Caller other = somebody(Role.MAINTAINER);

    assertThat(holdings.ofVolume(admin, id.toString()).require(id.toString()).id).isEqualTo(id);
    assertThat(holdings.ofVolume(admin, "root/" + name).require("root/" + name).id).isEqualTo(id);
    assertThat(holdings.ofVolume(admin, name).volumes()).isEmpty();
    assertThat(holdings.ofVolume(other, id.toString()).volumes()).isEmpty();
    assertThat(holdings.ofVolume(other, "root/" + name).volumes()).isEmpty();
  }

  @Test
  void changesNothingWhenOneOfTheRowsHasAnotherVersion() {
    Volume volume = holdings.ofVolume(ROOT, name).require(name);
    volume.reason = "new";
    Changes changes = new Changes();
    changes.add("update volume set reason = 'first' where id = ?", id);
    volume.rowVersion = 4;
    VolumeRows.demand(changes, volume);

    assertThatThrownBy(() -> database.commit(changes)).isInstanceOf(Problem.Conflict.class);

    assertThat(holdings.ofVolume(ROOT, name).require(name).reason).isEqualTo("why");
  }

  @Test
  void isOneTransactionHoweverManyChangesThereAre() {
    Changes changes = new Changes();
    for (int i = 0; i < 600; i++) {
      changes.one("update volume set reason = ? where id = ?", "change " + i, id);
    }
    changes.there("select from volume where id = ?", UUID.randomUUID());

    assertThatThrownBy(() -> database.commit(changes)).isInstanceOf(Problem.Conflict.class);

    assertThat(holdings.ofVolume(ROOT, name).require(name).reason).isEqualTo("why");
  }
}
