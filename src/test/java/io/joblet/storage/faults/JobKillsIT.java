package io.joblet.storage.faults;

/** Of operations on jobs with a root file system; each has hundreds of boundaries. */
class JobKillsIT extends KillsOf {
  private static final int SHORT_FORM = 2;

  JobKillsIT() {
    super(JobScenarios.all(), SHORT_FORM);
  }
}
