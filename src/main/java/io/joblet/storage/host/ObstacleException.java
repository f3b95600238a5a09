package io.joblet.storage.host;

import java.nio.file.Path;

/**
 * Something that this daemon did not make lies where a step has to work: a file, a symlink, a mount
 * of somebody else. It is left alone; whoever put it there can take it away. The message names it
 * and says what it is. A step that is applied finds it before it changes anything, so that there is
 * nothing to undo of that step.
 */
public final class ObstacleException extends HostException {
  private static final long serialVersionUID = 1L;

  private final transient Path path;

  /**
   * @param path where it is on this host
   * @param errno as a kernel would call it, e.g. {@code EEXIST}; {@code EBUSY} where it keeps
   *     something from being unmounted
   */
  public ObstacleException(Path path, String message, String errno, Throwable cause) {
    super(message, errno, java.util.List.of(), cause);
    this.path = path;
  }

  /** Where it is, absolute; for people. */
  public Path path() {
    return path;
  }
}
