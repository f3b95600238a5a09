package io.joblet.storage.access;

import io.joblet.storage.problem.Problem;

/** Keeps a record of what was refused to a role, or to callers that nobody knows. */
public interface Refusals {
  /** Returns at once, also on an event loop, and never fails. */
  void denied(Identity who, String method, Problem.Denied refusal);

  /** Counts a call that nobody is known to have made; as {@link #denied}. */
  void unknown();
}
