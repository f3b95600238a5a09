package io.joblet.storage.cli.daemon;

import java.io.IOException;

/** What rnx was given to work with, such as a file or an address, is not what it should be. */
public final class Unusable extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * The failure.
   *
   * @param message what, and why, as the user reads it
   */
  public Unusable(String message) {
    super(message);
  }

  /** With what lies below. */
  public Unusable(String message, Throwable cause) {
    super(message, cause);
  }
}
