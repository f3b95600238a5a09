package io.joblet.storage.console;

import com.google.protobuf.FieldMask;
import io.joblet.storage.v1.AccessService;
import io.joblet.storage.v1.Owner;
import io.joblet.storage.v1.SetOwnerLimitsRequest;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Sets the limits of owners, after a page that asks. The form carries the version that it was
 * filled from: what somebody else set meanwhile is told and not written over.
 */
@ApplicationScoped
class OwnerChanges {
  private final AccessService access;
  private final OwnerPages pages;

  OwnerChanges(@GrpcService AccessService access, OwnerPages pages) {
    this.access = access;
    this.pages = pages;
  }

  Reply limit(Visit visit) {
    visit.admit("SetOwnerLimits");
    LimitsForm form = LimitsForm.of(visit);
    try {
      if (!Confirmation.given(visit)) {
        return ask(visit, form.tidy());
      }
      Owner owner =
          visit
              .ask(
                  SetOwnerLimitsRequest.newBuilder()
                      .setOwner(visit.part("owner"))
                      .setUpdateMask(FieldMask.newBuilder().addAllPaths(LimitsForm.MASK))
                      .setLimits(form.limits())
                      .setRowVersion(form.rowVersion())
                      .build(),
                  access::setOwnerLimits)
              .getOwner();
      return Reply.goTo("/owners/" + Text.encoded(owner.getName()) + Notice.LIMITED.query());
    } catch (RuntimeException e) {
      // What was typed is not to be typed again.
      Refusal refusal = Refusal.of(e);
      return pages.one(visit, refusal.status(), form, refusal.sentence());
    }
  }

  private Reply ask(Visit visit, LimitsForm wanted) {
    Owner owner = pages.get(visit);
    LimitsForm now = LimitsForm.of(owner);
    if (wanted.rowVersion() != owner.getRowVersion()) {
      return pages.one(
          visit,
          409,
          wanted,
          "The limits were changed meanwhile: above is how they are now. Nothing was done.");
    }
    if (wanted.equals(now)) {
      return pages.one(visit, 200, wanted, "That is how it is already.");
    }
    String path = OwnerPages.path(owner.getName());
    return Confirmation.ask(
        visit,
        OwnerPages.SECTION,
        "Limits of " + owner.getName(),
        new Question(
            "Set these limits? What there is beyond them stays.",
            wanted.facts(now),
            path + "/limits",
            wanted.fields(),
            "Set",
            path,
            false));
  }
}
