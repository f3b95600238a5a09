package io.joblet.storage.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    Holdings read = holdings.forAttaching("root", List.of(name), new JobName(name));

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
    assertThat(holdings.ofVolume("root", id.toString()).require(id.toString()).name)
        .isEqualTo(name);
    assertThat(holdings.ofVolume("root", name).ofVolume(id)).isEmpty();
    assertThat(holdings.ofVolume("somebody", name).volumes()).isEmpty();
  }

  @Test
  void changesNothingWhenOneOfTheRowsHasAnotherVersion() {
    Volume volume = holdings.ofVolume("root", name).require(name);
    volume.reason = "new";
    Changes changes = new Changes();
    changes.add("update volume set reason = 'first' where id = ?", id);
    volume.rowVersion = 4;
    VolumeRows.demand(changes, volume);

    assertThatThrownBy(() -> database.commit(changes)).isInstanceOf(Problem.Conflict.class);

    assertThat(holdings.ofVolume("root", name).require(name).reason).isEqualTo("why");
  }

  @Test
  void isOneTransactionHoweverManyChangesThereAre() {
    Changes changes = new Changes();
    for (int i = 0; i < 600; i++) {
      changes.one("update volume set reason = ? where id = ?", "change " + i, id);
    }
    changes.there("select from volume where id = ?", UUID.randomUUID());

    assertThatThrownBy(() -> database.commit(changes)).isInstanceOf(Problem.Conflict.class);

    assertThat(holdings.ofVolume("root", name).require(name).reason).isEqualTo("why");
  }
}
