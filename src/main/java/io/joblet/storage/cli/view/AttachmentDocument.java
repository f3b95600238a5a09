package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.text;
import static io.joblet.storage.cli.output.Shown.time;
import static io.joblet.storage.cli.output.Shown.word;

import io.joblet.storage.v1.Attachment;
import java.util.LinkedHashMap;
import java.util.Map;

/** An attachment for programs; docs/cli.md lists the keys. */
public final class AttachmentDocument {
  private AttachmentDocument() {}

  /** Every key is there; absent values are null. */
  public static Map<String, Object> of(Attachment attachment) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", text(attachment.getId()));
    document.put("volume_id", text(attachment.getVolumeId()));
    document.put("volume_name", text(attachment.getVolumeName()));
    document.put("job_id", text(attachment.getJobId()));
    document.put("mount_path", text(attachment.getMountPath()));
    document.put("host_path", text(attachment.getHostPath()));
    document.put("read_only", attachment.getReadOnly());
    document.put("access_mode", word(attachment.getAccessMode()));
    document.put("status", text(attachment.getStatus()));
    document.put("attached_at", time(attachment.hasAttachedAt(), attachment.getAttachedAt()));
    return document;
  }
}
