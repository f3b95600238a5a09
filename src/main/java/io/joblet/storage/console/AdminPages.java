package io.joblet.storage.console;

import io.joblet.storage.access.Permission;
import io.joblet.storage.v1.AdminService;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.DoctorResponse;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.GetNodeRequest;
import io.joblet.storage.v1.GetNodeResponse;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;

/** The node, its pool, and what the doctor finds. */
@ApplicationScoped
class AdminPages {
  private static final List<String> HEADS =
      List.of("Severity", "Finding", "About", "What is wrong", "Remedy");

  private final AdminService admin;

  AdminPages(@GrpcService AdminService admin) {
    this.admin = admin;
  }

  Reply node(Visit visit) {
    GetNodeResponse node = visit.ask(GetNodeRequest.getDefaultInstance(), admin::getNode);
    List<Bar> bars =
        List.of(
            Bar.of(
                "Pool, used",
                node.getPoolSizeBytes() - node.getPoolFreeBytes(),
                node.getPoolSizeBytes()),
            Bar.of("Pool, promised to volumes", node.getAllocatedBytes(), node.getPoolSizeBytes()),
            Bar.of(
                "Memory, promised", node.getMemoryAllocatedBytes(), node.getMemoryBudgetBytes()));
    List<Fact> facts =
        Fact.known(
            new Fact("Node", node.getName()),
            new Fact("Version", node.getVersion()),
            new Fact("Running since", Text.time(node.getStartedAt())),
            new Fact("Backend", node.getProvider()),
            new Fact("Chosen because", node.getProviderReason()),
            new Fact("Volumes are at", node.getVolumesDirectory()),
            new Fact("Jobs are at", node.getJobsDirectory()));
    return Reply.page(Templates.node(visit.frame("Pool", "node"), bars, facts));
  }

  Reply askDoctor(Visit visit) {
    visit.identity().require(Permission.DOCTOR);
    return doctor(visit, "", List.of());
  }

  /** Looks, and mends nothing. */
  Reply runDoctor(Visit visit) {
    DoctorResponse found = visit.ask(DoctorRequest.getDefaultInstance(), admin::doctor);
    String outcome =
        "Checked "
            + found.getVolumesChecked()
            + " volumes and "
            + found.getAttachmentsChecked()
            + " attachments: "
            + (found.getFindingsCount() == 0
                ? "nothing is wrong."
                : found.getFindingsCount() + " findings.");
    return doctor(visit, outcome, found.getFindingsList());
  }

  private static Reply doctor(Visit visit, String outcome, List<Finding> findings) {
    Table table = Table.page(HEADS, findings, AdminPages::texts, "");
    return Reply.page(Templates.doctor(visit.frame("Doctor", "doctor"), outcome, table));
  }

  private static List<String> texts(Finding finding) {
    return List.of(
        finding.getSeverity().name().toLowerCase(Locale.ROOT),
        finding.getKind(),
        finding.getSubject(),
        finding.getMessage(),
        finding.getRemedy());
  }
}
