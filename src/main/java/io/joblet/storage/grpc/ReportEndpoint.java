package io.joblet.storage.grpc;

import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Owners;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.usage.DailyUse;
import io.joblet.storage.usage.UsageReports;
import io.joblet.storage.usage.UsageReports.Page;
import io.joblet.storage.v1.ReportGrowthResponse;
import io.joblet.storage.v1.ReportHistoryRequest;
import io.joblet.storage.v1.ReportHistoryResponse;
import io.joblet.storage.v1.ReportIdleResponse;
import io.joblet.storage.v1.ReportOperationsResponse;
import io.joblet.storage.v1.ReportRequest;
import io.joblet.storage.v1.ReportService;
import io.joblet.storage.v1.ReportUsageResponse;
import io.joblet.storage.volume.VolumeQueries;
import io.joblet.storage.volume.VolumeView;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** {@code joblet.storage.v1.ReportService}. */
@GrpcService
class ReportEndpoint implements ReportService {
  private final Calls calls;
  private final UsageReports reports;
  private final DailyUse days;
  private final VolumeQueries volumes;

  ReportEndpoint(Calls calls, UsageReports reports, DailyUse days, VolumeQueries volumes) {
    this.calls = calls;
    this.reports = reports;
    this.days = days;
    this.volumes = volumes;
  }

  @Override
  public Uni<ReportUsageResponse> reportUsage(ReportRequest request) {
    return calls.run(caller -> {
      ReportUsageResponse.Builder response = ReportUsageResponse.newBuilder();
      page(PageTokens.USAGE, caller, request, reports::usage, response::setNextPageToken)
          .forEach(row -> response.addVolumes(ReportProtos.usage(row)));
      return response.build();
    });
  }

  @Override
  public Uni<ReportIdleResponse> reportIdle(ReportRequest request) {
    return calls.run(caller -> {
      ReportIdleResponse.Builder response = ReportIdleResponse.newBuilder();
      page(PageTokens.IDLE, caller, request, reports::idle, response::setNextPageToken)
          .forEach(row -> response.addVolumes(ReportProtos.idle(row)));
      return response.build();
    });
  }

  @Override
  public Uni<ReportGrowthResponse> reportGrowth(ReportRequest request) {
    return calls.run(caller -> {
      ReportGrowthResponse.Builder response = ReportGrowthResponse.newBuilder();
      page(PageTokens.GROWTH, caller, request, reports::growth, response::setNextPageToken)
          .forEach(row -> response.addVolumes(ReportProtos.growth(row)));
      return response.build();
    });
  }

  @Override
  public Uni<ReportOperationsResponse> reportOperations(ReportRequest request) {
    return calls.run(caller -> {
      ReportOperationsResponse.Builder response = ReportOperationsResponse.newBuilder();
      page(PageTokens.OPERATIONS, caller, request, reports::operations, response::setNextPageToken)
          .forEach(row -> response.addOperations(ReportProtos.trouble(row)));
      return response.build();
    });
  }

  @Override
  public Uni<ReportHistoryResponse> reportHistory(ReportHistoryRequest request) {
    return calls.run(caller -> {
      ReportHistoryResponse.Builder response = ReportHistoryResponse.newBuilder();
      history(caller, request).forEach(day -> response.addDays(ReportProtos.day(day)));
      return response.build();
    });
  }

  private List<DailyUse.Day> history(Caller caller, ReportHistoryRequest request) {
    Checks checks = new Checks();
    DailyUse.Span span = Days.span(checks, request.getFrom(), request.getTo());
    if (request.getVolume().isEmpty()) {
      checks.done();
      return days.sums(owner(caller.identity(), request.getOwner()), span);
    }
    Fields.reference(checks, "volume", request.getVolume());
    checks.require(request.getOwner().isEmpty(), "owner", "must not be given with volume");
    checks.done();
    VolumeView view = volumes.get(caller, request.getVolume());
    return days.of(view.volume().id, owner(caller.identity(), ""), span);
  }

  /** The rows of one page; whether there are more is found by asking for one too many. */
  private static <T> List<T> page(
      PageTokens tokens,
      Caller caller,
      ReportRequest request,
      Function<Page, List<T>> report,
      Consumer<String> nextToken) {
    Checks checks = new Checks();
    int size = PageTokens.size(checks, request.getPageSize());
    long offset = tokens.readOffset(checks, request.getPageToken());
    checks.done();
    Optional<String> owner = owner(caller.identity(), request.getOwner());
    List<T> found = report.apply(new Page(owner, offset, size + 1));
    if (found.size() > size) {
      nextToken.accept(tokens.of(offset + size));
    }
    return found.subList(0, Math.min(size, found.size()));
  }

  /** Everybody's for those who may see that, unless one is named; else the caller's own. */
  private static Optional<String> owner(Identity caller, String named) {
    return named.isEmpty() && caller.seesAll()
        ? Optional.empty()
        : Owners.of(caller, named, false).one();
  }
}
