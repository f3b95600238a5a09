package io.joblet.storage.reconcile;

import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Inspects and, when asked, mends what can be mended without losing anything. */
@ApplicationScoped
public class Doctor {
  private static final Logger LOG = Logger.getLogger(Doctor.class);

  private final Inspection inspection;

  Doctor(Inspection inspection) {
    this.inspection = inspection;
  }

  /**
   * A finding and what became of it.
   *
   * @param error why mending failed; empty if it did not, or was not tried
   */
  public record Diagnosis(Finding finding, boolean fixed, String error) {}

  /** What was looked at, and every finding. */
  public record Visit(int volumes, int attachments, List<Diagnosis> diagnoses) {}

  public Visit examine(boolean fix) {
    Inspection.Report report = inspection.run();
    List<Diagnosis> diagnoses = new ArrayList<>();
    for (Finding finding : report.findings()) {
      diagnoses.add(
          fix && finding.remedy().isPresent() ? mend(finding) : new Diagnosis(finding, false, ""));
    }
    return new Visit(report.volumes(), report.attachments(), diagnoses);
  }

  private static Diagnosis mend(Finding finding) {
    try {
      finding.remedy().orElseThrow().apply().run();
      LOG.infof("mended %s %s: %s", finding.kind(), finding.subject(), finding.message());
      return new Diagnosis(finding, true, "");
    } catch (Problem e) {
      LOG.warnf("cannot mend %s %s: %s", finding.kind(), finding.subject(), e.getMessage());
      return new Diagnosis(finding, false, e.getMessage());
    }
  }
}
