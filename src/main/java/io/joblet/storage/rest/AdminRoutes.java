package io.joblet.storage.rest;

import io.joblet.storage.rest.Route.Verb;
import io.joblet.storage.v1.AdminService;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.GetNodeRequest;
import io.joblet.storage.v1.ListAuditRequest;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.SampleUsageRequest;
import io.joblet.storage.v1.SweepRequest;
import java.util.List;

/** What an operator asks the daemon about itself and the host. */
final class AdminRoutes {
  private AdminRoutes() {}

  static List<Route> of(AdminService admin) {
    return List.of(
        Route.of(Verb.GET, "/node", GetNodeRequest.getDefaultInstance(), admin::getNode),
        Route.of(
            Verb.POST,
            "/usage/samples",
            SampleUsageRequest.getDefaultInstance(),
            admin::sampleUsage),
        Route.of(Verb.GET, "/audit", ListAuditRequest.getDefaultInstance(), admin::listAudit),
        Route.of(Verb.POST, "/recovery", RecoverRequest.getDefaultInstance(), admin::recover),
        Route.of(Verb.POST, "/doctor", DoctorRequest.getDefaultInstance(), admin::doctor),
        Route.of(Verb.POST, "/sweeps/{kind}", SweepRequest.getDefaultInstance(), admin::sweep)
            .taking("dry_run"));
  }
}
