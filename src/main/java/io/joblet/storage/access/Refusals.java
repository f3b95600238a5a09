package io.joblet.storage.access;

import io.joblet.storage.problem.Problem;

/** Keeps a record of changes that were refused to a role. */
public interface Refusals {
  /** Returns at once, also on an event loop, and never fails. */
  void denied(Identity who, String method, Problem.Denied refusal);
}
