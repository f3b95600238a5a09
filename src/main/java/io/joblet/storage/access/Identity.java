package io.joblet.storage.access;

import io.joblet.storage.problem.Problem;

/**
 * Who calls.
 *
 * @param principal who, for the records, e.g. {@code uid:0}, {@code cn:alice}, {@code daemon}
 * @param owner whose things are meant unless the call says otherwise
 * @param source from where, e.g. {@code unix:uid=0 pid=812} or {@code 10.0.0.1:4312}
 */
public record Identity(String principal, String owner, Role role, String source) {
  /**
   * Refuses what the role does not allow.
   *
   * @throws Problem.Denied naming the role and the operation
   */
  public void require(Permission permission) {
    if (!may(permission)) {
      throw new Problem.Denied(role.text(), permission.operation(), permission.least().text());
    }
  }

  public boolean may(Permission permission) {
    return role.atLeast(permission.least());
  }

  /** Whether it is all the same to this caller whose something is. */
  public boolean seesAll() {
    return may(Permission.SEE_OWNERS);
  }
}
