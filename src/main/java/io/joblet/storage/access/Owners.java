package io.joblet.storage.access;

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
   * @throws Problem.Invalid if both are asked for
   */
  public static Owners of(Identity caller, String owner, boolean all) {
    if (all && !owner.isEmpty()) {
      throw new Problem.Invalid("owner", "must not be given with all_owners");
    }
    if (all || !(owner.isEmpty() || owner.equals(caller.owner()))) {
      caller.require(Permission.SEE_OWNERS);
    }
    return all
        ? new Owners(Optional.empty())
        : new Owners(Optional.of(owner.isEmpty() ? caller.owner() : owner));
  }
}
