package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import io.grpc.Status.Code;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.OwnerLimits;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RenewLeaseRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SetOwnerLimitsRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.joblet.storage.v1.StreamLogsRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What belongs to another owner is not there, whatever it is asked for by. */
@QuarkusTest
class OwnersTest extends RemoteTest {
  private static final String NOBODYS = "01900000-0000-7000-8000-000000000000";

  private Remote alice;
  private Remote bob;

  @BeforeEach
  void connectBoth() {
    alice = as("alice", "maintainer");
    bob = as("bob", "maintainer");
  }

  private static Volume make(Remote whose, String name) {
    return whose.volumes().createVolume(wantedInMemory(name).build()).getVolume();
  }

  private static Attachment attach(Remote who, String volume, String job) {
    return who.volumes().attachVolume(attaching(volume, job).build()).getAttachment();
  }

  private static Job run(Remote who, String name, String... command) {
    return who.jobs()
        .runJob(RunJobRequest.newBuilder().setJobId(name).addAllCommand(List.of(command)).build())
        .getJob();
  }

  private static Stream<Message> aboutVolume(String volume) {
    return Stream.of(
        GetVolumeRequest.newBuilder().setVolume(volume).build(),
        UpdateVolumeRequest.newBuilder()
            .setVolume(volume)
            .setUpdateMask(com.google.protobuf.FieldMask.newBuilder().addPaths("labels"))
            .build(),
        DeleteVolumeRequest.newBuilder().setVolume(volume).build(),
        DeleteVolumeRequest.newBuilder().setVolume(volume).setForce(true).build(),
        UndeleteVolumeRequest.newBuilder().setVolume(volume).build(),
        AttachVolumeRequest.newBuilder().setVolume(volume).setJobId("j").build(),
        DetachVolumeRequest.newBuilder().setVolume(volume).build(),
        PrepareVolumesRequest.newBuilder()
            .setJobId("j")
            .addVolumes(VolumeMount.newBuilder().setVolume(volume))
            .build());
  }

  private void sameAsNothing(Stream<Message> about, Stream<Message> aboutNothing, String what) {
    Call call = new Call(bob.volumes(), bob.admin());
    List<Message> nothing = aboutNothing.toList();
    List<Message> something = about.toList();
    for (int i = 0; i < something.size(); i++) {
      Message one = something.get(i);
      Message other = nothing.get(i);
      Refused refused = Refused.by(() -> call.send(one));
      Refused expected = Refused.by(() -> call.send(other));
      assertThat(refused.code()).as("%s", one).isEqualTo(Code.NOT_FOUND);
      assertThat(refused.message().replace(what, "X"))
          .isEqualTo(expected.message().replaceAll(NOBODYS + "|nothing/x|nothing", "X"));
    }
  }

  @Test
  void anothersVolumeIsNotThereByNameByIdOrByItsOwner() {
    Volume data = make(alice, "data");
    attach(alice, "data", "holder");

    sameAsNothing(aboutVolume("data"), aboutVolume("nothing"), "data");
    sameAsNothing(aboutVolume("alice/data"), aboutVolume("nothing/x"), "alice/data");
    sameAsNothing(aboutVolume(data.getId()), aboutVolume(NOBODYS), data.getId());
    assertThat(get(data.getId()).getAttachmentsList()).hasSize(1);
  }

  @Test
  void namesOfVolumesAndJobsAreEachOwnersOwn() {
    Volume first = make(alice, "data");
    Volume second = make(bob, "data");
    Attachment ofAlice = attach(alice, "data", "build");
    Attachment ofBob = attach(bob, "data", "build");

    assertThat(first.getId()).isNotEqualTo(second.getId());
    assertThat(ofAlice.getHostPath()).endsWith("/build@alice/volumes/data");
    assertThat(ofBob.getHostPath()).endsWith("/build@bob/volumes/data");
    assertThat(
            bob.volumes()
                .cleanupVolumes(CleanupVolumesRequest.newBuilder().setJobId("build").build())
                .getDetached())
        .isEqualTo(1);
    assertThat(get("alice/data").getAttachmentsList()).hasSize(1);
    assertThat(findings()).isEmpty();
  }

  @Test
  void anAdminEndsAndRenewsAJobOfAnother() throws Exception {
    make(alice, "data");
    Remote ops = as("ops", "admin");
    AttachVolumeRequest byLease =
        attaching("data", "build")
            .setLiveness(Liveness.newBuilder().setLease(Duration.newBuilder().setSeconds(60)))
            .build();
    for (boolean byId : List.of(false, true)) {
      alice.volumes().attachVolume(byLease);
      assertThat(
              Http.ask(config.socket(), "DELETE", "/api/v1/jobs/alice%2Fbuild/volumes", "")
                  .status())
          .isEqualTo(200);
      alice.volumes().attachVolume(byLease);
      String id =
          rows.query("select id::text from job where state = 'ACTIVE'").getFirst().toString();
      String job = byId ? id : "alice/build";
      assertThat(
              ops.volumes()
                  .renewLease(RenewLeaseRequest.newBuilder().setJobId(job).build())
                  .hasExpiresAt())
          .isTrue();
      CleanupVolumesRequest request = CleanupVolumesRequest.newBuilder().setJobId(job).build();
      assertThat(ops.volumes().cleanupVolumes(request).getDetached()).as(job).isEqualTo(1);
      Refused again = Refused.by(() -> ops.volumes().cleanupVolumes(request));
      assertThat(again.code()).as(job).isEqualTo(Code.NOT_FOUND);
    }
    assertThat(get("alice/data").getAttachmentsList()).isEmpty();
    // By whom is told; among whose things it was done too.
    assertThat(rows.query("select distinct owner from job")).isEqualTo(List.of("alice"));
    assertThat(rows.query("select distinct reason from job order by 1"))
        .isEqualTo(List.of("cleaned up by cn:ops", "cleaned up by uid:0"));
    assertThat(findings()).isEmpty();
  }

  @Test
  void listsHaveTheCallersOwnUnlessAnAdminAsksForMore() {
    make(alice, "a");
    make(bob, "b");
    ListVolumesRequest all = ListVolumesRequest.newBuilder().setAllOwners(true).build();
    ListVolumesRequest alices = ListVolumesRequest.newBuilder().setOwner("alice").build();

    assertThat(names(bob, ListVolumesRequest.getDefaultInstance())).containsExactly("b");
    assertThat(names(bob, ListVolumesRequest.newBuilder().setOwner("bob").build()))
        .containsExactly("b");
    for (ListVolumesRequest request : List.of(all, alices)) {
      Refused refused = Refused.by(() -> bob.volumes().listVolumes(request));
      assertThat(refused.code()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(refused.message())
          .isEqualTo("role maintainer is not allowed to perform operation see_owners");
    }
    assertThat(names(as("ops", "admin"), all)).containsExactly("a", "b");
    assertThat(names(as("ops", "admin"), alices)).containsExactly("a");
    assertThat(names(as("ops", "admin"), ListVolumesRequest.getDefaultInstance())).isEmpty();
  }

  private static List<String> names(Remote who, ListVolumesRequest request) {
    return who.volumes().listVolumes(request).getVolumesList().stream()
        .map(Volume::getName)
        .toList();
  }

  @Test
  void anAdminMakesAVolumeForAnotherOwnerWithinItsLimits() {
    Remote ops = as("ops", "admin");
    CreateVolumeRequest request = wantedInMemory("data").setOwner("bob").build();
    ops.access()
        .setOwnerLimits(
            SetOwnerLimitsRequest.newBuilder()
                .setOwner("bob")
                .setUpdateMask(FieldMask.newBuilder().addPaths("volumes"))
                .setLimits(OwnerLimits.newBuilder().setVolumes(1))
                .build());
    try {
      Volume made = ops.volumes().createVolume(request).getVolume();

      assertThat(made.getOwner()).isEqualTo("bob");
      assertThat(names(bob, ListVolumesRequest.getDefaultInstance())).containsExactly("data");
      assertThat(names(ops, ListVolumesRequest.getDefaultInstance())).isEmpty();
      assertThat(rows.query("select created_by from volume")).containsExactly("cn:ops");
      CreateVolumeRequest more = request.toBuilder().setName("more").build();
      assertThat(Refused.by(() -> ops.volumes().createVolume(more)).limit())
          .isEqualTo("owner.volumes");
      assertThat(
              rows.query(
                  "select outcome || ' ' || related from audit where target = 'more'"
                      + " order by id desc limit 1"))
          .containsExactly("RESOURCE_EXHAUSTED bob");
      assertThat(Refused.by(() -> alice.volumes().createVolume(request)).code())
          .isEqualTo(Code.PERMISSION_DENIED);
      CreateVolumeRequest own = wantedInMemory("own").setOwner("alice").build();
      assertThat(alice.volumes().createVolume(own).getVolume().getOwner()).isEqualTo("alice");
      CreateVolumeRequest nobodys = request.toBuilder().setOwner("../bob").build();
      assertThat(Refused.by(() -> ops.volumes().createVolume(nobodys)).fields())
          .containsExactly("owner");
    } finally {
      rows.change("delete from owner_limit where owner = 'bob'");
    }
  }

  @Test
  void anothersJobIsNotThere() {
    Job job = run(alice, "build", "sleep", "60");
    Job same = run(bob, "build", "true");

    for (String id : new String[] {job.getId(), "alice/build"}) {
      for (Runnable call : aboutJob(bob, id)) {
        assertThat(Refused.by(call::run).message()).isEqualTo("job '" + id + "' does not exist");
      }
    }
    assertThat(
            bob.jobs().getJob(GetJobRequest.newBuilder().setJob("build").build()).getJob().getId())
        .isEqualTo(same.getId());
    assertThat(
            bob.jobs()
                .listJobs(ListJobsRequest.newBuilder().setShowEnded(true).build())
                .getJobsList())
        .extracting(Job::getId)
        .containsExactly(same.getId());
    assertThat(
            as("ops", "admin")
                .jobs()
                .getJob(GetJobRequest.newBuilder().setJob("alice/build").build())
                .getJob()
                .getStatus())
        .isEqualTo("running");
  }

  private static List<Runnable> aboutJob(Remote who, String job) {
    return List.of(
        () -> who.jobs().getJob(GetJobRequest.newBuilder().setJob(job).build()),
        () -> who.jobs().signalJob(SignalJobRequest.newBuilder().setJob(job).setSignal(9).build()),
        () -> who.jobs().stopJob(StopJobRequest.newBuilder().setJob(job).build()),
        () ->
            who.jobs().removeJob(RemoveJobRequest.newBuilder().setJob(job).setForce(true).build()),
        () -> who.jobs().streamLogs(StreamLogsRequest.newBuilder().setJob(job).build()).next());
  }

  @Test
  void anAdminsJobThatHoldsAVolumeIsNotNamedToItsOwner() {
    Volume data = make(alice, "data");
    attach(as("ops", "admin"), data.getId(), "secret-job");

    Volume seen =
        alice
            .volumes()
            .getVolume(GetVolumeRequest.newBuilder().setVolume("data").build())
            .getVolume();
    Refused refused =
        Refused.by(() ->
            alice
                .volumes()
                .deleteVolume(DeleteVolumeRequest.newBuilder().setVolume("data").build()));

    assertThat(seen.getStatus()).isEqualTo("in_use");
    assertThat(seen.toString()).doesNotContain("secret-job");
    assertThat(refused.message())
        .isEqualTo("volume 'data' is held by a job of another owner; it cannot be deleted");
    assertThat(refused.inTheWay()).isEqualTo("job");
    assertThat(get(data.getId()).getCurrentJobId()).isEqualTo("secret-job");
  }

  @Test
  void whatReachesOutOfAJobIsForAdmins() {
    Remote developer = as("dev", "developer");
    RunJobRequest.Builder plain = RunJobRequest.newBuilder().addCommand("true");
    List<RunJobRequest> reaching =
        List.of(
            plain.clone().setNetwork(io.joblet.storage.v1.Network.HOST_NETWORK).build(),
            plain
                .clone()
                .setFilesystem(io.joblet.storage.v1.JobFilesystem.newBuilder().setUid(0))
                .build(),
            plain
                .clone()
                .setFilesystem(
                    io.joblet.storage.v1.JobFilesystem.newBuilder()
                        .setUserland(io.joblet.storage.v1.Userland.DIRECTORY)
                        .setDirectory("/"))
                .build());

    for (RunJobRequest request : reaching) {
      assertThat(Refused.by(() -> developer.jobs().runJob(request)).message())
          .isEqualTo("role developer is not allowed to perform operation use_host");
    }
    assertThat(developer.jobs().runJob(plain.build()).getJob().getDirectory()).endsWith("@dev");
  }
}
