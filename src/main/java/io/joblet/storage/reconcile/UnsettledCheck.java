package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Pin;
import io.joblet.storage.job.AttachPlans;
import io.joblet.storage.job.AttachmentSettlement;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.reconcile.Finding.Severity;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.VolumeSettlement;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Consumer;

/** Work that was begun and is not finished; names the process that stands in the way. */
@ApplicationScoped
class UnsettledCheck implements Check {
  private final Host kernel;
  private final HostWork host;
  private final AttachmentSettlement attachments;
  private final VolumeSettlement volumes;

  UnsettledCheck(
      Host kernel, HostWork host, AttachmentSettlement attachments, VolumeSettlement volumes) {
    this.kernel = kernel;
    this.host = host;
    this.attachments = attachments;
    this.volumes = volumes;
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    for (Attachment attachment : rows.attachments()) {
      if (attachment.state != Attachment.State.ATTACHED) {
        findings.accept(unsettled(attachment));
      }
    }
    for (RowInventory.Row row : rows.volumes().values()) {
      if (row.state().transitional()) {
        findings.accept(
            Finding.of(
                    Severity.WARNING,
                    "unsettled-volume",
                    row.id().toString(),
                    "volume '" + row.name() + "' is still " + row.state())
                .withRemedy("settle it", () -> volumes.settle(row.id())));
      }
    }
  }

  private Finding unsettled(Attachment attachment) {
    String kind = "unsettled-attachment";
    String why = "";
    try {
      List<Pin> pins = host.ask(() -> kernel.pinnedBy(AttachPlans.target(attachment)));
      if (!pins.isEmpty()) {
        kind = "pinned-mount";
        why = "; in use by " + pins;
      }
    } catch (Problem somethingInTheWay) {
      // Of one attachment, which must keep nobody from the others.
      why = "; " + somethingInTheWay.getMessage();
    }
    return Finding.of(
            Severity.WARNING,
            kind,
            host(attachment),
            "the attachment to job '" + attachment.jobName + "' is still " + attachment.state + why)
        .withRemedy("settle it", () -> attachments.settle(attachment.id));
  }

  private String host(Attachment attachment) {
    return kernel.display(AttachPlans.target(attachment));
  }
}
