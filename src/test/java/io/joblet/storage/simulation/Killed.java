package io.joblet.storage.simulation;

/**
 * The daemon died here. An error, so that no handler of the code under test takes it for a failure;
 * without a stack trace, since thousands are thrown.
 */
final class Killed extends Error {
  private static final long serialVersionUID = 1L;

  Killed() {
    super("killed", null, false, false);
  }
}
