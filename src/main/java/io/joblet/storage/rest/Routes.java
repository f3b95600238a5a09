package io.joblet.storage.rest;

import io.joblet.storage.v1.AccessService;
import io.joblet.storage.v1.AdminService;
import io.joblet.storage.v1.JobService;
import io.joblet.storage.v1.ReportService;
import io.joblet.storage.v1.VolumeService;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which path is which method: the one table, of which the OpenAPI document is made too. */
@ApplicationScoped
class Routes {
  private final List<Route> all;

  Routes(
      @GrpcService VolumeService volumes,
      @GrpcService JobService jobs,
      @GrpcService AdminService admin,
      @GrpcService AccessService access,
      @GrpcService ReportService reports) {
    List<Route> routes = new ArrayList<>(VolumeRoutes.of(volumes));
    routes.addAll(JobRoutes.of(jobs));
    routes.addAll(AdminRoutes.of(admin));
    routes.addAll(AccessRoutes.of(access));
    routes.addAll(ReportRoutes.of(reports));
    this.all = List.copyOf(routes);
  }

  List<Route> all() {
    return all;
  }

  /** The route of a request; empty if the path has none with that verb. */
  Optional<Route> find(String verb, List<String> path) {
    return all.stream().filter(r -> r.verb().name().equals(verb) && matches(r, path)).findFirst();
  }

  /** The verbs that a path has. */
  List<String> verbs(List<String> path) {
    return all.stream()
        .filter(r -> matches(r, path))
        .map(r -> r.verb().name())
        .distinct()
        .sorted()
        .toList();
  }

  private static boolean matches(Route route, List<String> path) {
    List<String> parts = route.parts();
    if (parts.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      if (Route.field(parts.get(i)).isEmpty()
          ? !parts.get(i).equals(path.get(i))
          : path.get(i).isEmpty()) {
        return false;
      }
    }
    return true;
  }
}
