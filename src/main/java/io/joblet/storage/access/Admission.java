package io.joblet.storage.access;

import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says at every edge, before anything of a request is read, whether its caller may call a method,
 * and has refused changes recorded. Safe for use by event loops.
 */
@ApplicationScoped
public class Admission {
  private final Refusals refusals;
  private final Serving serving;
  private final Map<String, Permission> permissions = new ConcurrentHashMap<>();

  Admission(Refusals refusals, Serving serving) {
    this.serving = serving;
    this.refusals = refusals;
  }

  /**
   * Lets the call pass or not.
   *
   * @param method a gRPC method's name, e.g. {@code CreateVolume}
   * @throws Problem.Denied naming the role and the operation
   * @throws Problem.InTheWay while the daemon does not serve it
   * @throws IllegalArgumentException if no table has the method
   */
  public void admit(Identity who, String method) {
    Permission permission = permissions.computeIfAbsent(method, Permission::ofMethod);
    try {
      who.require(permission);
    } catch (Problem.Denied refusal) {
      if (permission.changes()) {
        refusals.denied(who, method, refusal);
      }
      throw refusal;
    }
    serving.require(permission);
  }
}
