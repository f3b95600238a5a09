package io.joblet.storage.faults;

/** Of operations on volumes and attachments. */
class VolumeKillsIT extends KillsOf {
  private static final int SHORT_FORM = 2;

  VolumeKillsIT() {
    super(Scenario.all(), SHORT_FORM);
  }
}
