package io.joblet.storage.console;

import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeService;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Attaches volumes to jobs and takes them away again, each after a page that asks. */
@ApplicationScoped
class AttachmentChanges {
  private static final String JOB = "job_id";
  private static final String MODE = "access_mode";
  private static final String READ_ONLY = "read_only";
  private static final String PLACE = "mount_path";

  private final VolumeService volumes;
  private final VolumePages pages;

  AttachmentChanges(@GrpcService VolumeService volumes, VolumePages pages) {
    this.volumes = volumes;
    this.pages = pages;
  }

  Reply attach(Visit visit) {
    visit.admit("AttachVolume");
    String job = visit.field(JOB);
    String mode = visit.field(MODE);
    boolean readOnly = visit.field(READ_ONLY).equals("yes");
    if (!Confirmation.given(visit)) {
      Volume volume = pages.get(visit);
      return ask(
          visit,
          volume,
          new Question(
              "Attach this volume?",
              Fact.known(
                  new Fact("Volume", volume.getName()),
                  new Fact("Job", job),
                  new Fact("Mode", mode.replace('_', ' ')),
                  new Fact("Read-only", Text.yesNo(readOnly))),
              VolumePages.path(volume) + "/attach",
              Map.of(JOB, job, MODE, mode, READ_ONLY, Text.yesNo(readOnly)),
              "Attach",
              VolumePages.path(volume),
              false));
    }
    visit.ask(
        AttachVolumeRequest.newBuilder()
            .setVolume(visit.parts().get("volume"))
            .setJobId(job)
            .setReadOnly(readOnly)
            .setAccessMode(mode(mode))
            .setRequestId(Confirmation.id(visit))
            .build(),
        volumes::attachVolume);
    return done(visit, Notice.ATTACHED);
  }

  private static AccessMode mode(String word) {
    return switch (word) {
      case "exclusive" -> AccessMode.EXCLUSIVE;
      case "shared" -> AccessMode.SHARED;
      case "shared_read_only" -> AccessMode.SHARED_READ_ONLY;
      default -> throw new Problem.Invalid(MODE, "must be exclusive, shared or shared_read_only");
    };
  }

  Reply detach(Visit visit) {
    visit.admit("DetachVolume");
    String job = visit.field(JOB);
    String place = visit.field(PLACE);
    if (!Confirmation.given(visit)) {
      Volume volume = pages.get(visit);
      return ask(
          visit,
          volume,
          new Question(
              "Detach this volume? The job loses it; its data stays.",
              Fact.known(
                  new Fact("Volume", volume.getName()),
                  new Fact("Job", job),
                  new Fact("At", place)),
              VolumePages.path(volume) + "/detach",
              Map.of(JOB, job, PLACE, place),
              "Detach",
              VolumePages.path(volume),
              true));
    }
    visit.ask(
        DetachVolumeRequest.newBuilder()
            .setVolume(visit.parts().get("volume"))
            .setJobId(job)
            .setMountPath(place)
            .setRequestId(Confirmation.id(visit))
            .build(),
        volumes::detachVolume);
    return done(visit, Notice.DETACHED);
  }

  private static Reply ask(Visit visit, Volume volume, Question question) {
    return Confirmation.ask(
        visit, VolumePages.SECTION, question.verb() + " " + volume.getName(), question);
  }

  private static Reply done(Visit visit, Notice notice) {
    return Reply.goTo("/volumes/" + Text.encoded(visit.parts().get("volume")) + notice.query());
  }
}
