package io.joblet.storage.grpc;

import io.joblet.storage.config.OwnerName;
import io.joblet.storage.journal.AuditTrail;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.reconcile.Doctor;
import io.joblet.storage.reconcile.IdleSweep;
import io.joblet.storage.reconcile.NodeStatus;
import io.joblet.storage.reconcile.OrphanSweep;
import io.joblet.storage.reconcile.Recovery;
import io.joblet.storage.reconcile.Swept;
import io.joblet.storage.reconcile.TrashSweep;
import io.joblet.storage.usage.UsageSampler;
import io.joblet.storage.v1.AdminService;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.DoctorResponse;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.GetNodeRequest;
import io.joblet.storage.v1.GetNodeResponse;
import io.joblet.storage.v1.ListAuditRequest;
import io.joblet.storage.v1.ListAuditResponse;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.RecoverResponse;
import io.joblet.storage.v1.SampleUsageRequest;
import io.joblet.storage.v1.SampleUsageResponse;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.SweepResponse;
import io.joblet.storage.v1.SweptItem;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** {@code joblet.storage.v1.AdminService}. */
@GrpcService
class AdminEndpoint implements AdminService {
  private final Calls calls;
  private final Doctor doctor;
  private final IdleSweep idle;
  private final OrphanSweep orphans;
  private final TrashSweep trash;
  private final NodeStatus status;
  private final UsageSampler sampler;
  private final AuditTrail trail;
  private final Recovery recovery;

  AdminEndpoint(
      Calls calls,
      Doctor doctor,
      IdleSweep idle,
      OrphanSweep orphans,
      TrashSweep trash,
      NodeStatus status,
      UsageSampler sampler,
      AuditTrail trail,
      Recovery recovery) {
    this.recovery = recovery;
    this.calls = calls;
    this.doctor = doctor;
    this.idle = idle;
    this.orphans = orphans;
    this.trash = trash;
    this.status = status;
    this.sampler = sampler;
    this.trail = trail;
  }

  @Override
  public Uni<DoctorResponse> doctor(DoctorRequest request) {
    Function<Caller, DoctorResponse> examination =
        caller -> {
          Doctor.Visit visit = doctor.examine(request.getFix());
          DoctorResponse.Builder response =
              DoctorResponse.newBuilder()
                  .setVolumesChecked(visit.volumes())
                  .setAttachmentsChecked(visit.attachments());
          visit.diagnoses().forEach(d -> response.addFindings(finding(d)));
          return response.build();
        };
    return request.getFix() ? calls.alter(request, examination) : calls.run(examination);
  }

  @Override
  public Uni<SweepResponse> sweep(SweepRequest request) {
    Function<Caller, SweepResponse> sweep =
        caller -> {
          List<Swept> swept =
              switch (request.getKind()) {
                case IDLE -> idle.run(request.getDryRun());
                case ORPHANS -> orphans.run(request.getDryRun());
                case TRASH -> trash.run(request.getDryRun());
                case KIND_UNSPECIFIED, UNRECOGNIZED -> {
                  Checks checks = new Checks();
                  checks.require(false, "kind", "must be IDLE, ORPHANS or TRASH");
                  checks.done();
                  yield List.of();
                }
              };
          SweepResponse.Builder response = SweepResponse.newBuilder();
          swept.forEach(s ->
              response.addItems(
                  SweptItem.newBuilder()
                      .setId(s.id().toString())
                      .setName(s.name())
                      .setReason(s.reason())
                      .setDone(s.done())
                      .setError(s.error())));
          return response.build();
        };
    return request.getDryRun() ? calls.run(sweep) : calls.alter(request, sweep);
  }

  @Override
  public Uni<RecoverResponse> recover(RecoverRequest request) {
    Function<Caller, RecoverResponse> recover =
        caller ->
            RecoveryProtos.response(
                request.getCarryOut()
                    ? recovery.carryOut(request.getPlan(), caller)
                    : recovery.plan(caller));
    return request.getCarryOut() ? calls.alter(request, recover) : calls.run(recover);
  }

  @Override
  public Uni<GetNodeResponse> getNode(GetNodeRequest request) {
    return calls.run(caller -> {
      NodeStatus.Report report = status.report();
      return GetNodeResponse.newBuilder()
          .setName(report.node().name)
          .setVersion(report.node().version)
          .setBootId(report.node().bootId)
          .setProvider(report.provider())
          .setProviderReason(report.providerReason())
          .setPoolSizeBytes(report.poolSizeBytes())
          .setPoolFreeBytes(report.poolFreeBytes())
          .setAllocatedBytes(report.allocatedBytes())
          .setMemoryBudgetBytes(report.memoryBudgetBytes())
          .setMemoryAllocatedBytes(report.memoryAllocatedBytes())
          .setStartedAt(Protos.time(report.node().startedAt))
          .setVolumesDirectory(report.volumesDirectory())
          .setJobsDirectory(report.jobsDirectory())
          .build();
    });
  }

  @Override
  public Uni<SampleUsageResponse> sampleUsage(SampleUsageRequest request) {
    return calls.run(caller -> {
      UsageSampler.Sampling sampling = sampler.sample();
      return SampleUsageResponse.newBuilder()
          .setSampledAt(Protos.time(sampling.at()))
          .setVolumes(sampling.volumes())
          .setDurationUs(sampling.took().toNanos() / 1000)
          .build();
    });
  }

  @Override
  public Uni<ListAuditResponse> listAudit(ListAuditRequest request) {
    return calls.run(caller -> {
      Checks checks = new Checks();
      int size = PageTokens.size(checks, request.getPageSize());
      Optional<UUID> before = PageTokens.AUDIT.read(checks, request.getPageToken());
      Optional<String> owner =
          request.getOwner().isEmpty()
              ? Optional.empty()
              : Optional.ofNullable(checks.value("owner", () -> new OwnerName(request.getOwner())))
                  .map(OwnerName::text);
      checks.done();
      List<AuditTrail.Entry> found = trail.list(owner, before, size + 1);
      List<AuditTrail.Entry> page = found.subList(0, Math.min(size, found.size()));
      ListAuditResponse.Builder response = ListAuditResponse.newBuilder();
      page.forEach(entry -> response.addEntries(ReportProtos.audit(entry)));
      if (found.size() > size) {
        response.setNextPageToken(PageTokens.AUDIT.of(page.getLast().id()));
      }
      return response.build();
    });
  }

  private static Finding finding(Doctor.Diagnosis diagnosis) {
    io.joblet.storage.reconcile.Finding found = diagnosis.finding();
    String remedy = found.remedy().map(r -> r.words()).orElse("");
    return Finding.newBuilder()
        .setSeverity(Finding.Severity.valueOf(found.severity().name()))
        .setKind(found.kind())
        .setSubject(found.subject())
        .setMessage(found.message())
        .setRemedy(diagnosis.error().isEmpty() ? remedy : remedy + "; failed: " + diagnosis.error())
        .setFixed(diagnosis.fixed())
        .build();
  }
}
