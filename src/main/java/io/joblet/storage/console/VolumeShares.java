package io.joblet.storage.console;

import io.joblet.storage.v1.AccessService;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.ListSharesRequest;
import io.joblet.storage.v1.ListSharesResponse;
import io.joblet.storage.v1.ShareVolumeRequest;
import io.joblet.storage.v1.UnshareVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeService;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Says whom a volume is shared with, and shares it with others and no longer, each after a page
 * that asks.
 */
@ApplicationScoped
class VolumeShares {
  /** On a page; {@code rnx volume shares} has all. */
  private static final int SHOWN = 200;

  private static final String WITH = "with_owner";
  private static final String READ_ONLY = "read_only";

  private final AccessService access;
  private final VolumeService volumes;

  VolumeShares(@GrpcService AccessService access, @GrpcService VolumeService volumes) {
    this.access = access;
    this.volumes = volumes;
  }

  /** In the order of their names. */
  VolumeDetails.Sharing of(Visit visit, String volume) {
    ListSharesResponse found =
        visit.ask(
            ListSharesRequest.newBuilder().setVolume(volume).setPageSize(SHOWN).build(),
            access::listShares);
    return new VolumeDetails.Sharing(
        found.getSharesList().stream().map(VolumeDetails.With::of).toList(),
        !found.getNextPageToken().isEmpty());
  }

  Reply share(Visit visit) {
    visit.admit("ShareVolume");
    String with = visit.field(WITH);
    boolean readOnly = visit.field(READ_ONLY).equals("yes");
    if (!Confirmation.given(visit)) {
      return ask(
          visit,
          "Share this volume? That owner sees it and may attach it.",
          List.of(new Fact("With", with), new Fact("Read-only", Text.yesNo(readOnly))),
          Map.of(WITH, with, READ_ONLY, Text.yesNo(readOnly)),
          "share",
          "Share");
    }
    visit.ask(
        ShareVolumeRequest.newBuilder()
            .setVolume(visit.part("volume"))
            .setWithOwner(with)
            .setReadOnly(readOnly)
            .build(),
        access::shareVolume);
    return done(visit, Notice.SHARED);
  }

  Reply unshare(Visit visit) {
    visit.admit("UnshareVolume");
    String with = visit.field(WITH);
    if (!Confirmation.given(visit)) {
      return ask(
          visit,
          "Share this volume no longer? What that owner has attached stays until it is detached.",
          List.of(new Fact("With", with)),
          Map.of(WITH, with),
          "unshare",
          "Unshare");
    }
    visit.ask(
        UnshareVolumeRequest.newBuilder()
            .setVolume(visit.part("volume"))
            .setWithOwner(with)
            .build(),
        access::unshareVolume);
    return done(visit, Notice.UNSHARED);
  }

  private Reply ask(
      Visit visit,
      String sentence,
      List<Fact> facts,
      Map<String, String> fields,
      String deed,
      String verb) {
    Volume volume =
        visit
            .ask(
                GetVolumeRequest.newBuilder().setVolume(visit.part("volume")).build(),
                volumes::getVolume)
            .getVolume();
    List<Fact> all = new ArrayList<>(List.of(new Fact("Volume", volume.getName())));
    all.addAll(facts);
    return Confirmation.ask(
        visit,
        VolumePages.SECTION,
        verb + " " + volume.getName(),
        new Question(
            sentence,
            all,
            VolumePages.path(volume) + "/" + deed,
            fields,
            verb,
            VolumePages.path(volume),
            deed.equals("unshare")));
  }

  private static Reply done(Visit visit, Notice notice) {
    return Reply.goTo("/volumes/" + Text.encoded(visit.part("volume")) + notice.query());
  }
}
