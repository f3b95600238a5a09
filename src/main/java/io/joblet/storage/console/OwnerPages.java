package io.joblet.storage.console;

import io.joblet.storage.access.Permission;
import io.joblet.storage.v1.AccessService;
import io.joblet.storage.v1.GetOwnerRequest;
import io.joblet.storage.v1.ListOwnersRequest;
import io.joblet.storage.v1.ListOwnersResponse;
import io.joblet.storage.v1.Owner;
import io.joblet.storage.v1.OwnerLimits;
import io.joblet.storage.v1.OwnerUse;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.IntStream;

/** What owners have, and how much they may have. */
@ApplicationScoped
class OwnerPages {
  static final String SECTION = "owners";
  private static final List<String> HEADS =
      List.of("Owner", "Volumes", "On disk", "In memory", "Jobs");

  private final AccessService access;

  OwnerPages(@GrpcService AccessService access) {
    this.access = access;
  }

  /** Of all; who may see but one's own is shown that. */
  Reply list(Visit visit) {
    if (!visit.may(Permission.LIST_OWNERS)) {
      return Reply.goTo("/owners/" + Text.encoded(visit.identity().owner()));
    }
    ListOwnersResponse found =
        visit.ask(
            ListOwnersRequest.newBuilder().setPageToken(visit.asked("page")).build(),
            access::listOwners);
    Table table =
        Table.page(
            HEADS,
            found.getOwnersList(),
            OwnerPages::texts,
            owner -> path(owner.getName()),
            found.getNextPageToken());
    return Reply.page(
        Templates.table(
            visit.frame("Owners", SECTION),
            "What owners have, of what they may have. Limits of one who has nothing yet are set at"
                + " /console/owners/NAME.",
            table));
  }

  Reply one(Visit visit) {
    return one(visit, 200, null, "");
  }

  /**
   * One owner.
   *
   * @param typed what was typed and refused; null for what is in force
   */
  Reply one(Visit visit, int status, LimitsForm typed, String refusal) {
    Owner owner = get(visit);
    return Reply.page(
        status,
        Templates.owner(
            visit.frame(owner.getName(), SECTION),
            facts(owner),
            visit.may(Permission.SET_OWNER_LIMITS),
            typed == null ? LimitsForm.of(owner) : typed.as(owner),
            path(owner.getName()) + "/limits",
            refusal));
  }

  /** The owner that the path names. */
  Owner get(Visit visit) {
    return visit
        .ask(GetOwnerRequest.newBuilder().setOwner(visit.part("owner")).build(), access::getOwner)
        .getOwner();
  }

  static String path(String owner) {
    return ConsoleServer.ROOT + "/owners/" + Text.encoded(owner);
  }

  private static List<String> texts(Owner owner) {
    OwnerLimits limits = owner.getLimits();
    OwnerUse used = owner.getUsed();
    return List.of(
        owner.getName(),
        count(used.getVolumes(), limits.hasVolumes(), limits.getVolumes()),
        size(used.getVolumeBytes(), limits.hasVolumeBytes(), limits.getVolumeBytes()),
        size(used.getMemoryBytes(), limits.hasMemoryBytes(), limits.getMemoryBytes()),
        count(used.getJobs(), limits.hasJobs(), limits.getJobs()));
  }

  private static List<Fact> facts(Owner owner) {
    List<String> texts = texts(owner);
    return IntStream.range(1, HEADS.size())
        .mapToObj(i -> new Fact(HEADS.get(i), texts.get(i)))
        .toList();
  }

  private static String count(long used, boolean limited, long limit) {
    return limited ? used + " of " + limit : used + ", no limit";
  }

  private static String size(long used, boolean limited, long limit) {
    return limited ? Text.size(used) + " of " + Text.size(limit) : Text.size(used) + ", no limit";
  }
}
