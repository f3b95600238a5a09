package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.age;
import static io.joblet.storage.cli.output.Shown.instant;
import static io.joblet.storage.cli.output.Shown.size;

import com.google.protobuf.Timestamp;
import io.joblet.storage.cli.output.Fields;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.v1.Enforcement;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeType;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;

/** One volume for people, all that is known of it. */
public record VolumeFields(Volume volume, Instant now) {

  /** The lines. */
  public String lines() {
    Fields fields = new Fields();
    fields.add("Name", volume.getName());
    fields.add("ID", volume.getId());
    fields.add("Type", Shown.cell(volume.getType()));
    fields.add("Status", volume.getStatus());
    fields.add("Reason", volume.getReason());
    fields.add("Size", size(volume.getSizeBytes()) + " (" + volume.getSizeBytes() + " bytes)");
    fields.add("Used", used());
    fields.add("Limit", limit());
    fields.add("Inodes", volume.getInodeLimit() == 0 ? "" : "at most " + volume.getInodeLimit());
    fields.add("Provider", volume.getProvider());
    fields.add("Owner", volume.getOwner());
    fields.add("Node", volume.getNode());
    fields.add("Path", volume.getPath());
    fields.add("Directory", directory());
    fields.add("Protected", volume.getProtected() ? "yes" : "no");
    fields.add("Idle timeout", idleTimeout());
    fields.add("Created", time(volume.hasCreatedAt(), volume.getCreatedAt()));
    fields.add("Last used", time(volume.hasLastUsed(), volume.getLastUsed()));
    fields.add("Deleted", time(volume.hasDeletedAt(), volume.getDeletedAt()));
    fields.add(
        "Purged after", volume.hasPurgeAfter() ? instant(volume.getPurgeAfter()).toString() : "");
    fields.add("Row version", Long.toString(volume.getRowVersion()));
    new TreeMap<>(volume.getLabelsMap()).forEach((k, v) -> fields.add("Label", k + "=" + v));
    volume
        .getAttachmentsList()
        .forEach(held -> fields.add("Attached", AttachmentLine.of(held.getJobId(), held)));
    return fields.lines();
  }

  private String used() {
    if (!volume.hasUsedBytes()) {
      return "not known now";
    }
    double share =
        volume.getSizeBytes() == 0 ? 0 : 100.0 * volume.getUsedBytes() / volume.getSizeBytes();
    return size(volume.getUsedBytes()) + String.format(Locale.ROOT, " (%.1f%%)", share);
  }

  private String limit() {
    return volume.getEnforcement() == Enforcement.UNENFORCED
        ? "nothing enforces the size"
        : size(volume.getEnforcedBytes()) + " by " + Shown.cell(volume.getEnforcement());
  }

  private String directory() {
    return "mode "
        + VolumeDocument.mode(volume)
        + ", uid "
        + Integer.toUnsignedLong(volume.getUid())
        + ", gid "
        + Integer.toUnsignedLong(volume.getGid());
  }

  private String idleTimeout() {
    if (volume.getType() != VolumeType.MEMORY) {
      return "";
    }
    return volume.hasIdleTimeout()
        ? Shown.span(Duration.ofSeconds(volume.getIdleTimeout().getSeconds()))
        : "never";
  }

  private String time(boolean has, Timestamp time) {
    return has ? instant(time) + " (" + age(instant(time), now) + " ago)" : "";
  }
}
