package io.joblet.storage.console;

import com.google.protobuf.FieldMask;
import io.joblet.storage.access.Permission;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeService;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes the size, the labels and the protection of a volume. The form carries the version that it
 * was filled from: what somebody else changed meanwhile is told and not written over.
 */
@ApplicationScoped
class VolumeEdits {
  private static final String CHANGES = "changes";

  private final VolumeService volumes;
  private final VolumePages pages;

  VolumeEdits(@GrpcService VolumeService volumes, VolumePages pages) {
    this.volumes = volumes;
    this.pages = pages;
  }

  Reply form(Visit visit) {
    visit.identity().require(Permission.UPDATE_VOLUME);
    Volume volume = pages.get(visit);
    return form(visit, 200, volume, EditForm.of(volume), List.of(), "");
  }

  Reply edit(Visit visit) {
    visit.admit("UpdateVolume");
    EditForm form = EditForm.of(visit);
    try {
      return Confirmation.given(visit) ? change(visit, form) : ask(visit, form);
    } catch (RuntimeException e) {
      // What was typed is not to be typed again.
      Refusal refusal = Refusal.of(e);
      Volume now = pages.get(visit);
      boolean changed = !form.version().equals(Long.toString(now.getRowVersion()));
      return form(
          visit,
          refusal.status(),
          now,
          form.as(now.getRowVersion()),
          changed ? now(now) : List.of(),
          refusal.sentence());
    }
  }

  private Reply ask(Visit visit, EditForm form) {
    Volume volume = pages.get(visit);
    if (!form.version().equals(Long.toString(volume.getRowVersion()))) {
      return form(
          visit,
          409,
          volume,
          form.as(volume.getRowVersion()),
          now(volume),
          "It was changed meanwhile: this is how it is now. Nothing was done.");
    }
    List<String> changes = form.changes(volume);
    if (changes.isEmpty()) {
      return form(visit, 200, volume, form, List.of(), "That is how it is already.");
    }
    Map<String, String> fields = new HashMap<>(form.fields());
    fields.put(CHANGES, String.join(",", changes));
    return Confirmation.ask(
        visit,
        VolumePages.SECTION,
        "Change " + volume.getName(),
        new Question(
            "Change this volume?",
            form.facts(volume),
            VolumePages.path(volume) + "/edit",
            fields,
            "Change",
            VolumePages.path(volume) + "/edit",
            false));
  }

  private Reply change(Visit visit, EditForm form) {
    Volume changed =
        visit
            .ask(
                form.request()
                    .setVolume(visit.parts().get("volume"))
                    .setUpdateMask(
                        FieldMask.newBuilder()
                            .addAllPaths(List.of(visit.field(CHANGES).split(","))))
                    .setRequestId(Confirmation.id(visit))
                    .build(),
                volumes::updateVolume)
            .getVolume();
    return Reply.goTo("/volumes/" + changed.getId() + Notice.CHANGED.query());
  }

  private static List<Fact> now(Volume volume) {
    return Fact.known(
        new Fact("Size, now", Text.exactSize(volume.getSizeBytes())),
        new Fact("Labels, now", LabelLines.shown(volume.getLabelsMap())),
        new Fact("Protected, now", Text.yesNo(volume.getProtected())));
  }

  private static Reply form(
      Visit visit, int status, Volume volume, EditForm form, List<Fact> now, String refusal) {
    return Reply.page(
        status,
        Templates.edit(
            visit.frame("Change " + volume.getName(), VolumePages.SECTION),
            form,
            now,
            VolumePages.path(volume) + "/edit",
            VolumePages.path(volume),
            refusal));
  }
}
