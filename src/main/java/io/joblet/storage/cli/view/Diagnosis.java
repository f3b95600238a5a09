package io.joblet.storage.cli.view;

import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.shell.Visible;
import io.joblet.storage.v1.DoctorResponse;
import io.joblet.storage.v1.Finding;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the doctor found. */
public record Diagnosis(DoctorResponse answer) {

  /** Whether nothing is left that somebody should look at. */
  public boolean isHealthy() {
    return answer.getFindingsList().stream().allMatch(Diagnosis::isHarmless);
  }

  /** For programs; docs/cli.md lists the keys. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("healthy", isHealthy());
    document.put("volumes_checked", answer.getVolumesChecked());
    document.put("attachments_checked", answer.getAttachmentsChecked());
    document.put("findings", answer.getFindingsList().stream().map(Diagnosis::document).toList());
    return document;
  }

  /** A paragraph for each finding, and a sum. */
  public String lines() {
    StringBuilder lines = new StringBuilder();
    for (Finding finding : answer.getFindingsList()) {
      lines.append(finding.getFixed() ? "fixed" : Shown.cell(finding.getSeverity()));
      lines
          .append(Visible.text(" " + finding.getKind() + ": " + finding.getSubject()))
          .append('\n');
      lines.append(Visible.text("  " + finding.getMessage())).append('\n');
      if (!finding.getRemedy().isEmpty()) {
        String who = finding.getFixed() ? "  done: " : "  --fix: ";
        lines.append(Visible.text(who + finding.getRemedy())).append('\n');
      }
    }
    return lines.append(sum()).toString();
  }

  private String sum() {
    long remaining =
        answer.getFindingsList().stream().filter(finding -> !isHarmless(finding)).count();
    return "checked "
        + answer.getVolumesChecked()
        + " volumes and "
        + answer.getAttachmentsChecked()
        + " attachments: "
        + (remaining == 0 ? "no problems" : remaining + (remaining == 1 ? " problem" : " problems"))
        + "\n";
  }

  private static boolean isHarmless(Finding finding) {
    return switch (finding.getSeverity()) {
      case INFO -> true;
      case WARNING, ERROR, SEVERITY_UNSPECIFIED, UNRECOGNIZED -> finding.getFixed();
    };
  }

  private static Map<String, Object> document(Finding finding) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("severity", Shown.word(finding.getSeverity()));
    document.put("kind", finding.getKind());
    document.put("subject", finding.getSubject());
    document.put("message", finding.getMessage());
    document.put("remedy", Shown.text(finding.getRemedy()));
    document.put("fixed", finding.getFixed());
    return document;
  }
}
