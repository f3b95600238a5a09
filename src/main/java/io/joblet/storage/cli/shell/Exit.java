package io.joblet.storage.cli.shell;

/** Exit statuses of {@code rnx}: the contract with scripts. */
public final class Exit {
  /** What was asked for is done. */
  public static final int DONE = 0;

  /** The daemon refused or failed, or could not be reached, or problems remain. */
  public static final int FAILED = 1;

  /** The command line is wrong; nothing was sent. */
  public static final int USAGE = 2;

  private Exit() {}
}
