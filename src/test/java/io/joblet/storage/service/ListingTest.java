package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.ListVolumesResponse;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeType;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages, filters, and what is in the trash. */
@QuarkusTest
class ListingTest extends ServiceTest {

  @Test
  void pagesInTheOrderOfCreationAlsoWhileVolumesAreMade() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(create(wantedInMemory("v" + i)).getName());
    }
    List<String> listed = new ArrayList<>();
    ListVolumesResponse page = list(ListVolumesRequest.newBuilder().setPageSize(2));
    while (true) {
      page.getVolumesList().forEach(v -> listed.add(v.getName()));
      if (page.getNextPageToken().isEmpty()) {
        break;
      }
      if (made.size() < 8) {
        made.add(create(wantedInMemory("w" + made.size())).getName());
      }
      page =
          list(
              ListVolumesRequest.newBuilder().setPageSize(2).setPageToken(page.getNextPageToken()));
    }
    assertThat(listed).isEqualTo(made);
  }

  @Test
  void endsWithoutATokenWhenTheLastPageIsFull() {
    create(wantedInMemory("a"));
    create(wantedInMemory("b"));

    assertThat(list(ListVolumesRequest.newBuilder().setPageSize(2)).getNextPageToken()).isEmpty();
  }

  @Test
  void filtersByAllLabelsAndByType() {
    create(wantedInMemory("a").putLabels("team", "x").putLabels("env", "p"));
    create(wantedInMemory("b").putLabels("team", "x"));
    create(wanted("c").putLabels("team", "x").putLabels("note", "'; drop table volume; --{}\""));

    assertThat(names(ListVolumesRequest.newBuilder().putLabelFilter("team", "x")))
        .containsExactly("a", "b", "c");
    assertThat(
            names(
                ListVolumesRequest.newBuilder()
                    .putLabelFilter("team", "x")
                    .putLabelFilter("env", "p")))
        .containsExactly("a");
    assertThat(names(ListVolumesRequest.newBuilder().putLabelFilter("team", "y"))).isEmpty();
    assertThat(
            names(
                ListVolumesRequest.newBuilder()
                    .putLabelFilter("note", "'; drop table volume; --{}\"")))
        .containsExactly("c");
    assertThat(names(ListVolumesRequest.newBuilder().setType(VolumeType.FILESYSTEM)))
        .containsExactly("c");
  }

  @Test
  void showsTheTrashOnRequestOnly() {
    create("kept");
    create("dropped");
    delete("dropped");

    assertThat(names(ListVolumesRequest.newBuilder())).containsExactly("kept");
    List<Volume> all = list(ListVolumesRequest.newBuilder().setShowDeleted(true)).getVolumesList();
    assertThat(all).extracting(Volume::getStatus).containsExactly("available", "deleted");
    assertThat(all.getLast().getPurgeAfter().getSeconds())
        .isEqualTo(all.getLast().getDeletedAt().getSeconds() + 1);
  }

  private ListVolumesResponse list(ListVolumesRequest.Builder request) {
    return volumes.listVolumes(request.build());
  }

  private List<String> names(ListVolumesRequest.Builder request) {
    return list(request).getVolumesList().stream().map(Volume::getName).toList();
  }
}
