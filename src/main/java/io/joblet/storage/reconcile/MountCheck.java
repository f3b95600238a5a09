package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.job.AttachPlans;
import io.joblet.storage.job.AttachmentRepair;
import io.joblet.storage.reconcile.Finding.Severity;
import io.joblet.storage.volume.Attachment;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Attachments whose mount is not there (a reboot, an admin's umount) or is not what it should be.
 */
@ApplicationScoped
class MountCheck implements Check {
  private final Host host;
  private final AttachmentRepair repair;

  MountCheck(Host host, AttachmentRepair repair) {
    this.host = host;
    this.repair = repair;
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    for (Attachment attachment : rows.attachments()) {
      if (attachment.state == Attachment.State.ATTACHED) {
        RowInventory.Row volume = rows.volumes().get(attachment.volumeId);
        wrong(attachment, volume, onHost).ifPresent(findings);
      }
    }
  }

  private Optional<Finding> wrong(
      Attachment attachment, RowInventory.Row volume, HostInventory onHost) {
    String target = host.display(AttachPlans.target(attachment));
    List<MountEntry> mounts = onHost.mountsByTarget().getOrDefault(target, List.of());
    if (mounts.isEmpty()) {
      return Optional.of(
          Finding.of(
                  Severity.WARNING,
                  "missing-mount",
                  target,
                  "volume '"
                      + volume.name()
                      + "' is attached to job '"
                      + attachment.jobName
                      + "' but not mounted there")
              .withRemedy("mount it again", () -> repair.repeat(attachment.id)));
    }
    MountEntry top = mounts.getLast();
    if (mounts.size() > 1 || !shows(top, volume, onHost)) {
      return Optional.of(
          Finding.of(
              Severity.ERROR,
              "foreign-mount",
              target,
              "something else is mounted over volume '" + volume.name() + "': " + top.source()));
    }
    return top.readOnly() == attachment.readOnly
        ? Optional.empty()
        : Optional.of(
            Finding.of(
                Severity.ERROR,
                "mount-flags",
                target,
                "volume '"
                    + volume.name()
                    + "' should be mounted "
                    + (attachment.readOnly ? "read-only" : "read-write")));
  }

  private boolean shows(MountEntry mount, RowInventory.Row volume, HostInventory onHost) {
    if (!volume.provider().isMounted()) {
      return mount.root().endsWith("/" + volume.id());
    }
    List<MountEntry> stage =
        onHost.mountsByTarget().getOrDefault(host.display(Layout.volume(volume.id())), List.of());
    return !stage.isEmpty() && stage.getLast().device().equals(mount.device());
  }
}
