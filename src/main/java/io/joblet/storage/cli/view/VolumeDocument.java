package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.text;
import static io.joblet.storage.cli.output.Shown.time;
import static io.joblet.storage.cli.output.Shown.word;

import io.joblet.storage.v1.Volume;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A volume for programs; docs/cli.md lists the keys. */
public final class VolumeDocument {
  private VolumeDocument() {}

  /** Every key is there; absent values are null. */
  public static Map<String, Object> of(Volume volume) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", text(volume.getId()));
    document.put("name", text(volume.getName()));
    document.put("type", word(volume.getType()));
    document.put("size_bytes", volume.getSizeBytes());
    document.put("used_bytes", volume.hasUsedBytes() ? volume.getUsedBytes() : null);
    document.put("enforcement", word(volume.getEnforcement()));
    document.put("enforced_bytes", volume.getEnforcedBytes());
    document.put("inode_limit", volume.getInodeLimit() == 0 ? null : volume.getInodeLimit());
    document.put("status", text(volume.getStatus()));
    document.put("reason", text(volume.getReason()));
    document.put("labels", new TreeMap<>(volume.getLabelsMap()));
    document.put("owner", text(volume.getOwner()));
    document.put("node", text(volume.getNode()));
    document.put("provider", text(volume.getProvider()));
    document.put("path", text(volume.getPath()));
    document.put("uid", Integer.toUnsignedLong(volume.getUid()));
    document.put("gid", Integer.toUnsignedLong(volume.getGid()));
    document.put("mode", mode(volume));
    document.put("protected", volume.getProtected());
    document.put(
        "idle_timeout_seconds",
        volume.hasIdleTimeout() ? volume.getIdleTimeout().getSeconds() : null);
    document.put("current_job_id", text(volume.getCurrentJobId()));
    document.put(
        "attachments", volume.getAttachmentsList().stream().map(AttachmentDocument::of).toList());
    document.put("created_at", time(volume.hasCreatedAt(), volume.getCreatedAt()));
    document.put("last_used", time(volume.hasLastUsed(), volume.getLastUsed()));
    document.put("deleted_at", time(volume.hasDeletedAt(), volume.getDeletedAt()));
    document.put("purge_after", time(volume.hasPurgeAfter(), volume.getPurgeAfter()));
    document.put("row_version", volume.getRowVersion());
    return document;
  }

  /** Octal with a leading zero, as chmod takes it. */
  static String mode(Volume volume) {
    return String.format("%04o", volume.getMode());
  }
}
