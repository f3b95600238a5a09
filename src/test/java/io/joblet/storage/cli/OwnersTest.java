package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.joblet.storage.v1.CreateTokenRequest;
import io.joblet.storage.v1.CreateTokenResponse;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.CreateVolumeResponse;
import io.joblet.storage.v1.ListOwnersResponse;
import io.joblet.storage.v1.ListSharesRequest;
import io.joblet.storage.v1.ListSharesResponse;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.ListVolumesResponse;
import io.joblet.storage.v1.Owner;
import io.joblet.storage.v1.OwnerLimits;
import io.joblet.storage.v1.OwnerUse;
import io.joblet.storage.v1.SetOwnerLimitsRequest;
import io.joblet.storage.v1.SetOwnerLimitsResponse;
import io.joblet.storage.v1.Share;
import io.joblet.storage.v1.ShareVolumeRequest;
import io.joblet.storage.v1.ShareVolumeResponse;
import io.joblet.storage.v1.Token;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnersTest extends WithDaemon {
  private static final Owner ALICE =
      Owner.newBuilder()
          .setName("alice")
          .setLimits(OwnerLimits.newBuilder().setVolumes(10).setVolumeBytes(1L << 40))
          .setUsed(OwnerUse.newBuilder().setVolumes(3).setVolumeBytes(1 << 20).setJobs(2))
          .build();

  @Test
  void listsWhatIsUsedOfWhat() {
    daemon.answer(ListOwnersResponse.newBuilder().addOwners(ALICE).build());

    assertThat(rnx("owner", "list").out())
        .isEqualTo(
            """
            OWNER  VOLUMES  ON DISK      IN MEMORY  JOBS
            alice  3/10     1 MiB/1 TiB  0 B/-      2/-
            """);
  }

  @Test
  void limitsWhatIsNamedAndLiftsWithNone() {
    daemon.answer(SetOwnerLimitsResponse.newBuilder().setOwner(ALICE).build());

    Outcome outcome = rnx("owner", "limit", "alice", "--volume-bytes=1TB", "--jobs=none");

    assertThat(outcome.status()).isZero();
    SetOwnerLimitsRequest request = daemon.request(SetOwnerLimitsRequest.class);
    assertThat(request.getUpdateMask().getPathsList()).containsExactly("volume_bytes", "jobs");
    assertThat(request.getLimits())
        .isEqualTo(OwnerLimits.newBuilder().setVolumeBytes(1L << 40).build());
    assertThat(request.hasRowVersion()).isFalse();
    assertThat(rnx("owner", "limit", "alice").status()).isEqualTo(2);
  }

  @Test
  void limitsWhatNobodyChangedMeanwhile() {
    daemon.answer(SetOwnerLimitsResponse.newBuilder().setOwner(ALICE).build());

    assertThat(rnx("owner", "limit", "alice", "--jobs=1", "--if-version=0").status()).isZero();

    SetOwnerLimitsRequest request = daemon.request(SetOwnerLimitsRequest.class);
    assertThat(request.hasRowVersion()).isTrue();
    assertThat(request.getRowVersion()).isZero();
    assertThat(rnx("owner", "limit", "alice", "--jobs=1", "--if-version=-1").status()).isEqualTo(2);
  }

  @Test
  void countsAreNoSizesAndSizesNoCounts() {
    for (String count : List.of("--jobs", "--volumes")) {
      for (String wrong : List.of("1KB", "1K", "1.5", "-1", "+1", "many", "", "None", "1e3")) {
        Outcome outcome = rnx("owner", "limit", "alice", count + "=" + wrong);
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
            .startsWith(
                "rnx: Invalid value for option '"
                    + count
                    + "': '"
                    + wrong
                    + "' must be a whole number, or 'none'\n");
      }
    }
    assertThat(rnx("owner", "limit", "alice", "--memory-bytes=much").err())
        .startsWith("rnx: Invalid value for option '--memory-bytes': 'much' is not a size")
        .contains("; or 'none'");
    assertThat(daemon.requests()).isEmpty();
    daemon.answer(SetOwnerLimitsResponse.newBuilder().setOwner(ALICE).build());

    assertThat(rnx("owner", "limit", "alice", "--jobs=0", "--volumes=12").status()).isZero();
    assertThat(daemon.request(SetOwnerLimitsRequest.class).getLimits())
        .isEqualTo(OwnerLimits.newBuilder().setJobs(0).setVolumes(12).build());
  }

  @Test
  void printsATokenAndNothingElse() {
    daemon.answer(
        CreateTokenResponse.newBuilder()
            .setSecret("jbt_x")
            .setToken(Token.newBuilder().setName("ci"))
            .build());

    Outcome outcome =
        rnx("token", "create", "ci", "--owner=alice", "--role=developer", "--life=90d");

    assertThat(outcome).isEqualTo(new Outcome(0, "jbt_x\n", ""));
    assertThat(daemon.request(CreateTokenRequest.class).getLife().getSeconds())
        .isEqualTo(90L * 24 * 3600);
  }

  @Test
  void listsWithWhomPageByPage() {
    Share first =
        Share.newBuilder()
            .setWithOwner("bob")
            .setReadOnly(true)
            .setCreatedAt(Timestamp.newBuilder().setSeconds(1_767_225_600))
            .setCreatedBy("cn:alice")
            .build();
    daemon.answer(
        ListSharesResponse.newBuilder().addShares(first).setNextPageToken("next").build());
    daemon.answer(
        ListSharesResponse.newBuilder()
            .addShares(first.toBuilder().setWithOwner("carol").setReadOnly(false))
            .build());

    assertThat(rnx("volume", "shares", "data").out().lines().map(l -> l.replaceAll(" +", " ")))
        .containsExactly(
            "WITH ACCESS SINCE BY",
            "bob read-only 2026-01-01T00:00:00Z cn:alice",
            "carol read-write 2026-01-01T00:00:00Z cn:alice");
    ListSharesRequest second = (ListSharesRequest) daemon.requests().get(1);
    assertThat(second.getVolume()).isEqualTo("data");
    assertThat(second.getPageToken()).isEqualTo("next");
  }

  @Test
  void createsForAnotherOwner() {
    daemon.answer(CreateVolumeResponse.getDefaultInstance());

    rnx("volume", "create", "data", "--size=1GB", "--owner=alice");

    assertThat(daemon.request(CreateVolumeRequest.class).getOwner()).isEqualTo("alice");
  }

  @Test
  void sharesAndListsByOwner() {
    daemon.answer(ShareVolumeResponse.getDefaultInstance());
    daemon.answer(ListVolumesResponse.getDefaultInstance());

    assertThat(rnx("volume", "share", "data", "--with=bob", "--read-only").out())
        .isEqualTo("shared data with bob\n");
    rnx("volume", "list", "--owner=bob", "--shared");

    assertThat(daemon.requests().get(0))
        .isEqualTo(
            ShareVolumeRequest.newBuilder()
                .setVolume("data")
                .setWithOwner("bob")
                .setReadOnly(true)
                .build());
    ListVolumesRequest list = (ListVolumesRequest) daemon.requests().get(1);
    assertThat(list.getOwner()).isEqualTo("bob");
    assertThat(list.getShowShared()).isTrue();
  }
}
