package io.joblet.storage.access;

import io.joblet.storage.config.OwnerName;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.problem.Problem;
import java.util.Optional;

/**
 * Whose things are listed.
 *
 * @param one empty: everybody's
 */
public record Owners(Optional<String> one) {
  /** The caller's own. */
  public static Owners own(Identity caller) {
    return new Owners(Optional.of(caller.owner()));
  }

  /**
   * Those of an owner, of all, or the caller's own if neither is asked for.
   *
   * @param owner empty if none is named
   * @throws Problem.Denied for others' things, if the caller may not see them
   * @throws Problem.Invalid if both are asked for, or nobody can have that name
   */
  public static Owners of(Identity caller, String owner, boolean all) {
    if (all && !owner.isEmpty()) {
      throw new Problem.Invalid("owner", "must not be given with all_owners");
    }
    if (all) {
      caller.require(Permission.SEE_OWNERS);
      return new Owners(Optional.empty());
    }
    if (owner.isEmpty() || owner.equals(caller.owner())) {
      return own(caller);
    }
    caller.require(Permission.SEE_OWNERS);
    Checks checks = new Checks();
    OwnerName name = checks.value("owner", () -> new OwnerName(owner));
    checks.done();
    return new Owners(Optional.of(name.text()));
  }
}
