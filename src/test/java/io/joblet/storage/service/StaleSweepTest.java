package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import io.joblet.storage.job.Job;
import io.joblet.storage.job.JobCleanup;
import io.joblet.storage.job.JobStore;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.RenewLeaseRequest;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeDeletion;
import io.joblet.storage.volume.VolumeStore;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * A sweep takes time, and what it has read at its beginning may be otherwise when its turn comes.
 */
@QuarkusTest
class StaleSweepTest extends ServiceTest {
  @Inject JobStore jobRows;
  @Inject JobCleanup cleanup;
  @Inject VolumeStore volumeRows;
  @Inject VolumeDeletion deletion;
  @Inject Transactions transactions;

  @Test
  void aLeaseThatWasRenewedIsNotEnded() {
    create("data");
    attachByLease();
    Job seen = seen();
    volumes.renewLease(RenewLeaseRequest.newBuilder().setJobId("job").build());

    assertThatThrownBy(() -> cleanup.sweep(seen, "swept")).isInstanceOf(Problem.Conflict.class);

    assertThat(get("data").getAttachmentsList()).hasSize(1);
  }

  @Test
  void anotherJobOfTheNameIsNotEnded() {
    create("data");
    attachByLease();
    Job seen = seen();
    volumes.cleanupVolumes(CleanupVolumesRequest.newBuilder().setJobId("job").build());
    attachByLease();

    assertThatThrownBy(() -> cleanup.sweep(seen, "swept")).isInstanceOf(Problem.Conflict.class);

    assertThat(get("data").getAttachmentsList()).hasSize(1);
  }

  @Test
  void aJobThatIsAsItWasIsEnded() {
    create("data");
    attachByLease();

    cleanup.sweep(seen(), "swept");

    assertThat(get("data").getAttachmentsList()).isEmpty();
  }

  @Test
  void aMemoryVolumeThatWasUsedSinceIsNotDeleted() {
    UUID id = UUID.fromString(create(wantedInMemory("cache")).getId());
    Volume seen = transactions.call(() -> volumeRows.reload(id).orElseThrow());
    attach("cache", "job");
    detach("cache", "job");

    assertThatThrownBy(() -> deletion.sweep(seen, "idle")).isInstanceOf(Problem.Conflict.class);

    assertThat(get("cache").getStatus()).isEqualTo("available");
    deletion.sweep(transactions.call(() -> volumeRows.reload(id).orElseThrow()), "idle");
    assertThat(rows.query("select id from volume")).isEmpty();
  }

  private void attachByLease() {
    AttachVolumeRequest.Builder request = attaching("data", "job");
    request.setLiveness(
        Liveness.newBuilder().setLease(Duration.newBuilder().setSeconds(10)).build());
    volumes.attachVolume(request.build());
  }

  private Job seen() {
    return only(transactions.call(jobRows::allLive));
  }
}
