package io.joblet.storage.host;

import java.util.List;

/**
 * A host step that failed. The message says which operation on what, and why, in words an operator
 * can use; {@link #errno} is the kernel's name for it, e.g. {@code EBUSY}, or empty.
 */
public class HostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String errno;
  private final transient List<Pin> pins;

  public HostException(String message, String errno, List<Pin> pins, Throwable cause) {
    super(message, cause);
    this.errno = errno;
    this.pins = List.copyOf(pins);
  }

  public HostException(String message, String errno) {
    this(message, errno, List.of(), null);
  }

  public HostException(String message, Throwable cause) {
    this(message, "", List.of(), cause);
  }

  public String errno() {
    return errno;
  }

  public boolean busy() {
    return errno.equals("EBUSY");
  }

  /** The processes that keep a mount busy, as far as they could be found; never null. */
  public List<Pin> pins() {
    return pins == null ? List.of() : pins;
  }
}
