package io.joblet.storage.faults;

/** Of {@code rnx admin recover}, which no start goes on with: it is called again after a kill. */
class RecoverKillsIT extends KillsOf {
  private static final int SHORT_FORM = 1;

  RecoverKillsIT() {
    super(RecoverScenarios.all(), SHORT_FORM);
  }
}
