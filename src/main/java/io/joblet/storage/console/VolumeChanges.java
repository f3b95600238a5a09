package io.joblet.storage.console;

import io.joblet.storage.access.Permission;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeService;
import io.joblet.storage.v1.VolumeType;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Makes, deletes and restores volumes, each after a page that asks. */
@ApplicationScoped
class VolumeChanges {
  private static final String NEW = "/volumes/new";
  private static final String NEW_NAME = "new_name";

  private final VolumeService volumes;
  private final VolumePages pages;

  VolumeChanges(@GrpcService VolumeService volumes, VolumePages pages) {
    this.volumes = volumes;
    this.pages = pages;
  }

  /** A page that only shows a form is no change, so one that is refused is not recorded. */
  Reply form(Visit visit) {
    visit.identity().require(Permission.CREATE_VOLUME);
    return form(visit, 200, NewVolumeForm.empty(), "");
  }

  Reply create(Visit visit) {
    visit.admit("CreateVolume");
    NewVolumeForm form = NewVolumeForm.of(visit);
    try {
      CreateVolumeRequest.Builder wanted = form.request();
      if (!Confirmation.given(visit)) {
        return Confirmation.ask(
            visit, VolumePages.SECTION, "Create a volume", question(form, wanted));
      }
      Volume made =
          visit
              .ask(wanted.setRequestId(Confirmation.id(visit)).build(), volumes::createVolume)
              .getVolume();
      return Reply.goTo("/volumes/" + made.getId() + Notice.CREATED.query());
    } catch (RuntimeException e) {
      // What was typed is not to be typed again.
      Refusal refusal = Refusal.of(e);
      return form(visit, refusal.status(), form, refusal.sentence());
    }
  }

  private static Question question(NewVolumeForm form, CreateVolumeRequest.Builder wanted) {
    return new Question(
        "Create this volume?",
        Fact.known(
            new Fact("Name", form.name()),
            new Fact("Type", form.inMemory() ? "memory" : "filesystem"),
            new Fact("Size", Text.size(wanted.getSizeBytes())),
            new Fact("Labels", LabelLines.shown(wanted.getLabelsMap()))),
        ConsoleServer.ROOT + NEW,
        form.fields(),
        "Create",
        ConsoleServer.ROOT + "/volumes",
        false);
  }

  private static Reply form(Visit visit, int status, NewVolumeForm form, String refusal) {
    return Reply.page(
        status,
        Templates.create(visit.frame("Create a volume", VolumePages.SECTION), form, refusal));
  }

  Reply delete(Visit visit) {
    visit.admit("DeleteVolume");
    if (!Confirmation.given(visit)) {
      Volume volume = pages.get(visit);
      String sentence =
          volume.getType() == VolumeType.MEMORY
              ? "Delete this volume? It is in memory, and its data is gone at once."
              : "Delete this volume? It goes to the trash, where it can be had back for a while.";
      return Confirmation.ask(
          visit,
          VolumePages.SECTION,
          "Delete " + volume.getName(),
          aboutOne(volume, sentence, "delete", "Delete", Map.of(), true));
    }
    visit.ask(
        DeleteVolumeRequest.newBuilder()
            .setVolume(visit.parts().get("volume"))
            .setRequestId(Confirmation.id(visit))
            .build(),
        volumes::deleteVolume);
    return Reply.goTo("/volumes" + Notice.DELETED.query());
  }

  /** For good; what is not in the trash too, but no page of ours asks for that. */
  Reply purge(Visit visit) {
    visit.admit("DeleteVolume");
    if (!Confirmation.given(visit)) {
      // Once it is given the method refuses, which is in the audit then.
      visit.identity().require(Permission.PURGE_VOLUME);
      Volume volume = pages.get(visit);
      return Confirmation.ask(
          visit,
          VolumePages.SECTION,
          "Delete " + volume.getName() + " for good",
          aboutOne(
              volume,
              "Delete this volume for good? Its data cannot be had back.",
              "purge",
              "Delete for good",
              Map.of(),
              true));
    }
    visit.ask(
        DeleteVolumeRequest.newBuilder()
            .setVolume(visit.parts().get("volume"))
            .setPurge(true)
            .setRequestId(Confirmation.id(visit))
            .build(),
        volumes::deleteVolume);
    return Reply.goTo("/volumes" + Notice.PURGED.query() + "&trash=yes");
  }

  Reply undelete(Visit visit) {
    visit.admit("UndeleteVolume");
    String newName = visit.field(NEW_NAME);
    if (!Confirmation.given(visit)) {
      Volume volume = pages.get(visit);
      return Confirmation.ask(
          visit,
          VolumePages.SECTION,
          "Restore " + volume.getName(),
          aboutOne(
              volume,
              newName.isEmpty()
                  ? "Take this volume out of the trash?"
                  : "Take this volume out of the trash, as " + newName + "?",
              "undelete",
              "Restore",
              Map.of(NEW_NAME, newName),
              false));
    }
    visit.ask(
        UndeleteVolumeRequest.newBuilder()
            .setVolume(visit.parts().get("volume"))
            .setNewName(newName)
            .setRequestId(Confirmation.id(visit))
            .build(),
        volumes::undeleteVolume);
    return Reply.goTo(
        "/volumes/" + Text.encoded(visit.parts().get("volume")) + Notice.UNDELETED.query());
  }

  private static Question aboutOne(
      Volume volume,
      String sentence,
      String deed,
      String verb,
      Map<String, String> fields,
      boolean danger) {
    String path = VolumePages.path(volume);
    return new Question(
        sentence,
        Fact.known(
            new Fact("Name", volume.getName()),
            new Fact("Owner", volume.getOwner()),
            new Fact("Size", Text.size(volume.getSizeBytes())),
            new Fact("Used", volume.hasUsedBytes() ? Text.size(volume.getUsedBytes()) : "")),
        path + "/" + deed,
        fields,
        verb,
        path,
        danger);
  }
}
