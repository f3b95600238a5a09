package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.joblet.storage.service.Clients.Outcome;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Whoever comes at the same time: no violation, no trace of the losers, no deadlock. */
@QuarkusTest
class ConcurrencyTest extends ServiceTest {
  /** What a client may hear when others were faster. */
  private static final Set<Code> FAIR =
      EnumSet.of(Code.NOT_FOUND, Code.ALREADY_EXISTS, Code.FAILED_PRECONDITION, Code.ABORTED);

  @Test
  void oneOfAHundredCreatesOfANameWins() {
    List<Outcome<Volume>> outcomes = Clients.together(100, i -> create("data"));

    assertThat(outcomes.stream().filter(Outcome::won)).hasSize(1);
    assertThat(codes(outcomes)).containsOnly(Code.ALREADY_EXISTS);
    Footprint after = footprint();
    assertThat(after.rows()).containsEntry("volume", 1L);
    assertThat(after.qgroups()).hasSize(1);
    assertThat(after.volumes().stream().filter(n -> n.length() == 36)).hasSize(1);
    assertThat(findings()).isEmpty();
  }

  @Test
  void attachOrDeleteWinsNeverBoth() {
    for (int round = 0; round < 150; round++) {
      String name = "v" + round;
      create(wantedInMemory(name));
      List<Outcome<Object>> outcomes =
          Clients.<Object>together(2, i -> i == 0 ? attach(name, "job") : delete(name));

      boolean attached = outcomes.getFirst().won();
      assertThat(outcomes.getLast().won())
          .as("round %d: %s", round, outcomes)
          .isNotEqualTo(attached);
      assertThat(codes(outcomes)).allMatch(FAIR::contains);
      if (attached) {
        assertThat(Path.of(get(name).getAttachments(0).getHostPath())).isDirectory();
        detach(name, "job");
        delete(name);
      }
    }
    assertThat(rows.count("select count(*) from attachment")).isZero();
    assertThat(findings()).isEmpty();
  }

  @Test
  void attachOrDeleteOfAVolumeOnDiskNeverBoth() {
    for (int round = 0; round < 50; round++) {
      String name = "d" + round;
      create(wanted(name).setSizeBytes(MIB));
      List<Outcome<Object>> outcomes =
          Clients.<Object>together(2, i -> i == 0 ? attach(name, "job") : delete(name));
      boolean attached = outcomes.getFirst().won();
      assertThat(outcomes.getLast().won())
          .as("round %d: %s", round, outcomes)
          .isNotEqualTo(attached);
      if (attached) {
        detach(name, "job");
      }
    }
    assertThat(findings()).isEmpty();
  }

  @Test
  void twoJobsWithTwoVolumesInOppositeOrderDoNotWaitForEachOther() {
    create("one");
    create("two");
    for (int round = 0; round < 20; round++) {
      List<Outcome<Object>> outcomes =
          Clients.<Object>together(
              2,
              i ->
                  volumes.prepareVolumes(
                      i == 0 ? prepare("a", "one", "two") : prepare("b", "two", "one")));

      assertThat(outcomes.stream().filter(Outcome::won)).hasSize(1);
      assertThat(codes(outcomes)).allMatch(FAIR::contains);
      cleanup(outcomes.getFirst().won() ? "a" : "b");
      assertThat(rows.count("select count(*) from attachment")).isZero();
    }
  }

  @Test
  void oneOfTwoDetachesWins() {
    create("data");
    for (int round = 0; round < 20; round++) {
      attach("data", "job");

      List<Outcome<Volume>> outcomes = Clients.together(2, i -> detach("data", "job"));

      assertThat(outcomes.stream().filter(Outcome::won)).hasSize(1);
      assertThat(codes(outcomes)).containsOnly(Code.NOT_FOUND);
    }
    assertThat(
            rows.count(
                "select count(*) from attachment_history h join volume v on v.id = h.volume_id"))
        .isEqualTo(20);
  }

  @Test
  void sharedHoldersComeAndGoTogether() {
    create(wantedInMemory("cache"));
    attach("cache", "keeper", AccessMode.SHARED);

    List<Outcome<Volume>> outcomes =
        Clients.together(
            20,
            i -> {
              attach("cache", "job" + i, AccessMode.SHARED);
              return detach("cache", "job" + i);
            });

    assertThat(outcomes).allMatch(Outcome::won);
    assertThat(get("cache").getAttachmentsList())
        .extracting(Attachment::getJobId)
        .containsExactly("keeper");
    assertThat(findings()).isEmpty();
  }

  @Test
  void theIdleSweepNeverTakesWhatIsBeingAttached() {
    for (int round = 0; round < 5; round++) {
      create(wantedInMemory("idle" + round));
    }
    rows.change(
        "update volume set idle_timeout_seconds = 1, created_at = now() - interval '1 day'");
    sweepIdle();
    org.awaitility.Awaitility.await()
        .pollInterval(java.time.Duration.ofMillis(100))
        .until(() ->
            admin
                    .sweep(
                        SweepRequest.newBuilder()
                            .setKind(SweepRequest.Kind.IDLE)
                            .setDryRun(true)
                            .build())
                    .getItemsCount()
                == 5);

    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String name = "idle" + i;
      calls.add(() -> attach(name, "job-" + name));
    }
    calls.add(this::sweepIdle);
    List<Outcome<Object>> outcomes = Clients.together(calls);

    for (int i = 0; i < 5; i++) {
      long left = rows.count("select count(*) from volume where name = ?", "idle" + i);
      assertThat(left).isEqualTo(outcomes.get(i).won() ? 1 : 0);
    }
    // This test has changed rows itself, which no record has followed.
    assertThat(findings()).extracting(Finding::getKind).isSubsetOf("old-records");
  }

  @Test
  void manyClientsAtRandomLeaveRowsAndHostInAgreement() {
    Set<Code> heard = ConcurrentHashMap.newKeySet();
    Clients.together(
        32,
        client -> {
          Random random = new Random(client);
          for (int i = 0; i < 20; i++) {
            try {
              randomCall(random);
            } catch (io.grpc.StatusRuntimeException e) {
              heard.add(e.getStatus().getCode());
            }
          }
          return client;
        });

    assertThat(heard).allMatch(FAIR::contains);
    assertThat(findings()).isEmpty();
    assertThat(
            rows.count("select count(*) from volume where state not in ('AVAILABLE', 'TRASHED')"))
        .isZero();
    assertThat(rows.count("select count(*) from attachment where state <> 'ATTACHED'")).isZero();
    assertThat((long) footprint().qgroups().size())
        .isEqualTo(rows.count("select count(*) from volume where qgroup is not null"));
    assertThat(
            admin
                .getNode(io.joblet.storage.v1.GetNodeRequest.getDefaultInstance())
                .getAllocatedBytes())
        .isEqualTo(
            rows.count(
                "select coalesce(sum(size_bytes), 0) from volume where type = 'FILESYSTEM'"));
  }

  private void randomCall(Random random) {
    String name = "v" + random.nextInt(4);
    String job = "j" + random.nextInt(3);
    AccessMode mode = AccessMode.forNumber(1 + random.nextInt(3));
    switch (random.nextInt(8)) {
      case 0 -> create(wanted(name).setSizeBytes(MIB));
      case 1 -> create(wantedInMemory(name));
      case 2 -> attach(name, job, mode);
      case 3 -> detach(name, job);
      case 4 -> delete(name);
      case 5 ->
          volumes.deleteVolume(
              DeleteVolumeRequest.newBuilder()
                  .setVolume(name)
                  .setForce(true)
                  .setPurge(true)
                  .build());
      case 6 -> volumes.undeleteVolume(UndeleteVolumeRequest.newBuilder().setVolume(name).build());
      case 7 -> volumes.prepareVolumes(prepare(job, "v0", "v1"));
      default -> throw new AssertionError();
    }
  }

  private Object sweepIdle() {
    return admin.sweep(SweepRequest.newBuilder().setKind(SweepRequest.Kind.IDLE).build());
  }

  private void cleanup(String job) {
    volumes.cleanupVolumes(CleanupVolumesRequest.newBuilder().setJobId(job).build());
  }

  private static PrepareVolumesRequest prepare(String job, String... names) {
    PrepareVolumesRequest.Builder request = PrepareVolumesRequest.newBuilder().setJobId(job);
    for (String name : names) {
      request.addVolumes(VolumeMount.newBuilder().setVolume(name));
    }
    return request.build();
  }

  private static <T> List<Code> codes(List<Outcome<T>> outcomes) {
    return outcomes.stream()
        .map(Outcome::refusal)
        .filter(Objects::nonNull)
        .map(Refused::code)
        .toList();
  }
}
