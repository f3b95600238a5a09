package io.joblet.storage.cli.shell;

/** Exit statuses of {@code rnx}: the contract with scripts. */
public final class Exit {
  /** What was asked for is done. */
  public static final int DONE = 0;

  /** The daemon refused or failed, or could not be reached, or problems remain. */
  public static final int FAILED = 1;

  /** The command line is wrong; nothing was sent. */
  public static final int USAGE = 2;

  /**
   * {@code rnx run} alone: no status of the command, for any reason that is not one of the next
   * two, a wrong command line included. This one, the next two and the sum are as env(1) and sh(1)
   * have them.
   */
  public static final int NO_STATUS = 125;

  /** {@code rnx run} alone: the command is there and cannot be executed. */
  public static final int NOT_EXECUTABLE = 126;

  /** {@code rnx run} alone: there is no such command. */
  public static final int NOT_FOUND = 127;

  /** {@code rnx run} alone: to this the number of the signal is added that ended the command. */
  public static final int SIGNAL = 128;

  private Exit() {}
}
