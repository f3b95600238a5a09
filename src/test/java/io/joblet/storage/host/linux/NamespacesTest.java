package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.MountEntry;
import io.joblet.storage.host.linux.Namespaces.Foreign;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a mount in another namespace is a copy of, by tables as they are read there. */
class NamespacesTest {
  private static final String DEVICE = "8:1";
  private static final String JOBS = "/opt/joblet/jobs";
  private static final String PLACE = JOBS + "/j/data";
  private static final long NAMESPACE = 7;

  private static final MountEntry MANAGED = entry(10, 1, JOBS, JOBS);
  private static final MountsOf OWN =
      new MountTableOf(List.of(entry(1, 0, "/", "/"), MANAGED, entry(11, 10, "/v", PLACE)));

  private static MountEntry entry(long id, long parent, String root, String target) {
    return new MountEntry(
        id,
        parent,
        DEVICE,
        root,
        target,
        Set.of("rw"),
        "ext4",
        "/dev/sda1",
        Set.of("rw"),
        Set.of());
  }

  private static Optional<String> original(Set<Long> otherUsers, MountEntry... table) {
    Map<Long, MountsOf> foreign = Map.of(NAMESPACE, new MountTableOf(List.of(table)));
    List<Foreign> seen =
        Namespaces.of(List.of(MANAGED), OWN, foreign, otherUsers).showing(DEVICE, "/v");
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().copy()).isEqualTo(seen.getFirst().original().isPresent());
    return seen.getFirst().original();
  }

  private static Optional<String> amongOtherUsers(MountEntry... table) {
    return original(Set.of(NAMESPACE), table);
  }

  @Test
  void isThatOfOurPlaceWhereverOtherUsersBoundWhatItIsIn() {
    MountEntry[] bound = {
      entry(21, 20, "/", "/"),
      entry(22, 21, "/", "/mnt"),
      entry(23, 22, JOBS, "/mnt" + JOBS),
      entry(24, 23, "/v", "/mnt" + PLACE)
    };

    assertThat(amongOtherUsers(bound)).contains(PLACE);
    assertThat(original(Set.of(), bound)).isEmpty();
  }

  @Test
  void isThatOfOurPlaceWhereTheManagedRootIsTheRootOfAll() {
    assertThat(amongOtherUsers(entry(21, 20, JOBS, "/"), entry(22, 21, "/v", "/j/data")))
        .contains(PLACE);
  }

  @Test
  void isNoneWhereTheVolumeLiesOnSomethingElse() {
    MountEntry[] container = {entry(21, 20, "/rootfs", "/"), entry(22, 21, "/v", "/data")};

    assertThat(amongOtherUsers(container)).isEmpty();
    assertThat(original(Set.of(), container)).isEmpty();
    assertThat(amongOtherUsers(entry(21, 20, "/v", "/"))).isEmpty();
  }

  @Test
  void isUnknownWhereWhatItLiesOnWasHiddenOrMovedMeanwhile() {
    assertThat(amongOtherUsers(entry(24, 23, "/v", "/mnt" + PLACE))).contains("/");
    assertThat(amongOtherUsers(entry(23, 22, JOBS, "/moved"), entry(24, 23, "/v", "/mnt" + PLACE)))
        .contains(JOBS);
  }

  @Test
  void isAtItsOwnPathWhereOnlyRootMakesNamespaces() {
    MountEntry[] copy = {entry(23, 21, JOBS, JOBS), entry(24, 23, "/v", PLACE)};

    assertThat(original(Set.of(), copy)).contains(PLACE);
    assertThat(amongOtherUsers(copy)).contains(PLACE);
    assertThat(original(Set.of(), entry(24, 23, "/v", PLACE))).isEmpty();
  }
}
