package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Status;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.ListVolumesResponse;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListVolumesTest extends WithDaemon {
  @Test
  void printsATable() {
    daemon.answer(page("", Samples.data().build(), Samples.cache().build()));

    assertThat(rnx("volume", "list"))
        .isEqualTo(
            new Outcome(
                0,
                """
                NAME   TYPE        SIZE    USED     STATUS     JOB       AGE
                data   filesystem  1 GiB   1.5 MiB  in_use     build-17  2h
                cache  memory      64 MiB  -        available  -         2d
                """,
                ""));
  }

  @Test
  void saysOnStderrThatThereAreNone() {
    daemon.answer(page(""));

    assertThat(rnx("volume", "list"))
        .isEqualTo(new Outcome(0, "NAME  TYPE  SIZE  USED  STATUS  JOB  AGE\n", "no volumes\n"));
  }

  @Test
  void printsAnEmptyListForPrograms() {
    daemon.answer(page("")).answer(page(""));

    assertThat(rnx("volume", "list", "--format=json")).isEqualTo(new Outcome(0, "[]\n", ""));
    assertThat(rnx("volume", "list", "--format=yaml")).isEqualTo(new Outcome(0, "[]\n", ""));
  }

  @Test
  void goesThroughAllPages() throws Exception {
    daemon
        .answer(page("second", Samples.data().build()))
        .answer(page("third"))
        .answer(page("", Samples.cache().build()));

    Outcome outcome = rnx("volume", "list", "--format=json");

    assertThat(outcome.status()).isZero();
    JsonNode list = new ObjectMapper().readTree(outcome.out());
    assertThat(list.findValuesAsText("status")).contains("in_use", "available");
    assertThat(list).hasSize(2);
    assertThat(daemon.requests())
        .extracting(request -> ((ListVolumesRequest) request).getPageToken())
        .containsExactly("", "second", "third");
  }

  @Test
  void leavesAJsonListOpenWhenALaterPageFails() {
    daemon
        .answer(page("second", Samples.data().build()))
        .refuse(Status.INTERNAL.withDescription("row 7 is broken").asRuntimeException());

    Outcome outcome = rnx("volume", "list", "--format=json");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).startsWith("[").doesNotContain("\n]");
    assertThat(outcome.err()).startsWith("rnx: row 7 is broken\n");
  }

  @Test
  void sendsFiltersAndStopsAtTheLimit() {
    daemon.answer(page("more", Samples.data().build()));

    Outcome outcome =
        rnx(
            "volume",
            "list",
            "--filter=team=search",
            "--filter=q=a=b",
            "--type=MEMORY",
            "--deleted",
            "--limit=1",
            "--format=json");

    assertThat(outcome.status()).isZero();
    assertThat(daemon.request(ListVolumesRequest.class))
        .isEqualTo(
            ListVolumesRequest.newBuilder()
                .setPageSize(1)
                .putLabelFilter("team", "search")
                .putLabelFilter("q", "a=b")
                .setShowDeleted(true)
                .setType(VolumeType.MEMORY)
                .build());
  }

  @Test
  void showsIdsAndTheTimeLeftInTheTrash() {
    Volume trashed =
        Samples.cache()
            .setStatus("deleted")
            .setPurgeAfter(Samples.time("2026-03-01T12:45:00Z"))
            .build();
    daemon.answer(page("", trashed));

    assertThat(rnx("volume", "ls", "--deleted").out())
        .isEqualTo(
            """
            NAME   TYPE    SIZE    USED  STATUS   JOB  AGE  PURGED IN  ID
            cache  memory  64 MiB  -     deleted  -    2d   45m        01958f2e-0000-7000-8000-000000000002
            """);
  }

  @Test
  void showsOwnersWhereThoseOfSeveralMayBeListed() throws Exception {
    Volume bobs = Samples.cache().setOwner("bob").setShared(true).build();
    String table =
        """
        NAME   OWNER  TYPE        SIZE    USED     STATUS     JOB       AGE
        data   root   filesystem  1 GiB   1.5 MiB  in_use     build-17  2h
        cache  bob    memory      64 MiB  -        available  -         2d
        """;
    for (int i = 0; i < 3; i++) {
      daemon.answer(page("", Samples.data().build(), bobs));
    }

    assertThat(rnx("volume", "list", "--shared").out()).isEqualTo(table);
    assertThat(rnx("volume", "list", "--all-owners").out()).isEqualTo(table);
    assertThat(
            new ObjectMapper()
                .readTree(rnx("volume", "list", "--shared", "--format=json").out())
                .findValuesAsText("owner"))
        .containsExactly("root", "bob");
  }

  private static ListVolumesResponse page(String next, Volume... volumes) {
    return ListVolumesResponse.newBuilder()
        .addAllVolumes(List.of(volumes))
        .setNextPageToken(next)
        .build();
  }
}
