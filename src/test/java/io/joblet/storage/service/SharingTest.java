package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.FieldMask;
import io.grpc.Status.Code;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.ListSharesRequest;
import io.joblet.storage.v1.ListSharesResponse;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.Share;
import io.joblet.storage.v1.ShareVolumeRequest;
import io.joblet.storage.v1.UnshareVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A volume that its owner shares with another owner. */
@QuarkusTest
class SharingTest extends RemoteTest {
  private static final String SHARED = "erin/data";

  private Remote erin;
  private Remote frank;
  private Volume data;

  @BeforeEach
  void makeAndConnect() {
    erin = as("erin", "maintainer");
    frank = as("frank", "maintainer");
    data = erin.volumes().createVolume(wantedInMemory("data").build()).getVolume();
  }

  private void share(boolean readOnly) {
    erin.access()
        .shareVolume(
            ShareVolumeRequest.newBuilder()
                .setVolume("data")
                .setWithOwner("frank")
                .setReadOnly(readOnly)
                .build());
  }

  private void unshare() {
    erin.access()
        .unshareVolume(
            UnshareVolumeRequest.newBuilder().setVolume("data").setWithOwner("frank").build());
  }

  private static Volume seen(Remote who, String volume) {
    return who.volumes()
        .getVolume(GetVolumeRequest.newBuilder().setVolume(volume).build())
        .getVolume();
  }

  private static AttachVolumeRequest attaching(String job, boolean readOnly) {
    return AttachVolumeRequest.newBuilder()
        .setVolume(SHARED)
        .setJobId(job)
        .setReadOnly(readOnly)
        .setAccessMode(AccessMode.SHARED)
        .build();
  }

  @Test
  void isSeenByTheOtherOwnerAsWhatItIs() {
    share(false);

    assertThat(seen(frank, SHARED).getShared()).isTrue();
    assertThat(seen(frank, data.getId()).getOwner()).isEqualTo("erin");
    assertThat(seen(erin, "data").getShared()).isFalse();
    assertThat(
            frank.volumes().listVolumes(ListVolumesRequest.getDefaultInstance()).getVolumesList())
        .isEmpty();
    assertThat(
            frank
                .volumes()
                .listVolumes(ListVolumesRequest.newBuilder().setShowShared(true).build())
                .getVolumesList())
        .extracting(Volume::getId)
        .containsExactly(data.getId());
    assertThat(Refused.by(() -> seen(as("grace", "maintainer"), SHARED)).code())
        .isEqualTo(Code.NOT_FOUND);
  }

  @Test
  void isListedToItsOwnerAndToNobodyItIsSharedWith() {
    for (String with : List.of("frank", "dora", "emil")) {
      erin.access()
          .shareVolume(
              ShareVolumeRequest.newBuilder()
                  .setVolume("data")
                  .setWithOwner(with)
                  .setReadOnly(with.equals("dora"))
                  .build());
    }
    ListSharesRequest request = ListSharesRequest.newBuilder().setVolume("data").build();

    ListSharesResponse page = erin.access().listShares(request.toBuilder().setPageSize(2).build());
    ListSharesResponse rest =
        erin.access().listShares(request.toBuilder().setPageToken(page.getNextPageToken()).build());

    assertThat(page.getSharesList())
        .extracting(Share::getWithOwner, Share::getReadOnly, Share::getCreatedBy)
        .containsExactly(tuple("dora", true, "cn:erin"), tuple("emil", false, "cn:erin"));
    assertThat(page.getShares(0).hasCreatedAt()).isTrue();
    assertThat(rest.getSharesList()).extracting(Share::getWithOwner).containsExactly("frank");
    assertThat(rest.getNextPageToken()).isEmpty();
    for (String name : List.of(SHARED, data.getId())) {
      ListSharesRequest others = request.toBuilder().setVolume(name).build();
      assertThat(Refused.by(() -> frank.access().listShares(others)).code())
          .isEqualTo(Code.NOT_FOUND);
      assertThat(as("ops", "admin").access().listShares(others).getSharesList()).hasSize(3);
    }
    unshare();
    assertThat(erin.access().listShares(request).getSharesList()).hasSize(2);
  }

  @Test
  void aNameThatLooksLikeItsIdIsTheOtherOwnersOwnVolumeEverywhere() {
    share(false);
    String id = data.getId();
    String own = frank.volumes().createVolume(wantedInMemory(id).build()).getVolume().getId();

    assertThat(seen(frank, id).getId()).isEqualTo(own);
    frank.volumes().attachVolume(attaching("of-frank", false).toBuilder().setVolume(id).build());
    assertThat(seen(frank, id).getAttachmentsList()).hasSize(1);
    assertThat(seen(erin, "data").getAttachmentsList()).isEmpty();
    frank.volumes().detachVolume(DetachVolumeRequest.newBuilder().setVolume(id).build());
    frank
        .volumes()
        .updateVolume(
            UpdateVolumeRequest.newBuilder()
                .setVolume(id)
                .setRowVersion(seen(frank, id).getRowVersion())
                .setProtected(false)
                .setUpdateMask(FieldMask.newBuilder().addPaths("protected"))
                .build());
    frank.volumes().deleteVolume(DeleteVolumeRequest.newBuilder().setVolume(id).build());
    assertThat(seen(frank, id).getOwner()).isEqualTo("erin");
  }

  @Test
  void isAttachedByBothAndNeitherSeesTheOthersJob() {
    share(false);
    frank.volumes().attachVolume(attaching("of-frank", false));
    erin.volumes().attachVolume(attaching("of-erin", false));

    assertThat(seen(frank, SHARED).getAttachmentsList())
        .singleElement()
        .satisfies(a -> assertThat(a.getJobId()).isEqualTo("of-frank"));
    assertThat(seen(erin, "data").toString()).doesNotContain("of-frank");
    Refused held =
        Refused.by(() ->
            erin.volumes()
                .deleteVolume(DeleteVolumeRequest.newBuilder().setVolume("data").build()));
    assertThat(held.message()).contains("a job of another owner").doesNotContain("of-frank");

    frank.volumes().detachVolume(DetachVolumeRequest.newBuilder().setVolume(SHARED).build());
    assertThat(get(data.getId()).getAttachmentsList()).hasSize(1);
    // Whoever watches the volume is told what these say.
    assertThat(
            rows.query(
                "select kind || ' ' || coalesce(job_name, '') || ' ' || reason from"
                    + " (select * from volume_event_pending union all"
                    + " select * from volume_event) e where owner = 'erin'"))
        .contains("ATTACHED  ", "DETACHED  ")
        .noneMatch(event -> event.contains("frank"));
    assertThat(findings()).isEmpty();
  }

  @Test
  void isNothingElseToTheOtherOwner() {
    share(false);

    for (Refused refused :
        new Refused[] {
          Refused.by(() ->
              frank
                  .volumes()
                  .deleteVolume(DeleteVolumeRequest.newBuilder().setVolume(SHARED).build())),
          Refused.by(() ->
              frank
                  .volumes()
                  .updateVolume(
                      UpdateVolumeRequest.newBuilder()
                          .setVolume(data.getId())
                          .setUpdateMask(
                              com.google.protobuf.FieldMask.newBuilder().addPaths("labels"))
                          .build())),
          Refused.by(() ->
              frank
                  .access()
                  .shareVolume(
                      ShareVolumeRequest.newBuilder()
                          .setVolume(SHARED)
                          .setWithOwner("grace")
                          .build()))
        }) {
      assertThat(refused.code()).isEqualTo(Code.NOT_FOUND);
    }
    assertThat(
            Refused.by(() ->
                    erin.access()
                        .shareVolume(
                            ShareVolumeRequest.newBuilder()
                                .setVolume("data")
                                .setWithOwner("erin")
                                .build()))
                .fields())
        .containsExactly("with_owner");
  }

  @Test
  void readOnlyIsAttachedReadOnly() {
    share(true);

    Refused refused = Refused.by(() -> frank.volumes().attachVolume(attaching("j", false)));
    frank.volumes().attachVolume(attaching("j", true));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.message())
        .isEqualTo("volume 'erin/data' is shared read-only; attach it read-only");
    assertThat(refused.kindInTheWay()).isEqualTo("SHARE");
  }

  @Test
  void takenBackItIsNotAttachedAgainButWhatIsHeldCanBeLetGo() {
    share(false);
    frank.volumes().attachVolume(attaching("j", false));
    unshare();

    assertThat(Refused.by(() -> seen(frank, SHARED)).code()).isEqualTo(Code.NOT_FOUND);
    assertThat(Refused.by(() -> frank.volumes().attachVolume(attaching("k", false))).code())
        .isEqualTo(Code.NOT_FOUND);
    assertThat(get(data.getId()).getAttachmentsList()).hasSize(1);
    Volume left =
        frank
            .volumes()
            .detachVolume(DetachVolumeRequest.newBuilder().setVolume(SHARED).build())
            .getVolume();
    assertThat(get(data.getId()).getAttachmentsList()).isEmpty();
    // What erin has done with it since is no longer frank's to know.
    assertThat(left)
        .isEqualTo(
            Volume.newBuilder()
                .setId(data.getId())
                .setName("data")
                .setOwner("erin")
                .setShared(true)
                .build());
  }
}
