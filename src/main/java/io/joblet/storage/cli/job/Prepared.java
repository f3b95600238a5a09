package io.joblet.storage.cli.job;

import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.view.AttachmentDocument;
import io.joblet.storage.v1.Attachment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was made ready for a job. */
record Prepared(String job, String directory, List<Attachment> attachments) {

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("job_id", job);
    document.put("job_directory", Shown.text(directory));
    document.put("attachments", attachments.stream().map(AttachmentDocument::of).toList());
    return document;
  }

  String lines() {
    StringBuilder lines = new StringBuilder();
    lines.append("prepared ").append(job).append(" in ").append(directory).append('\n');
    attachments.forEach(made ->
        lines
            .append("  ")
            .append(made.getVolumeName())
            .append(" at ")
            .append(made.getMountPath())
            .append(made.getReadOnly() ? ", read-only\n" : "\n"));
    return lines.toString();
  }
}
