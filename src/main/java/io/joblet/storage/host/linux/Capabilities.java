package io.joblet.storage.host.linux;

/** Capabilities of jobs, capabilities(7) and linux/capability.h. */
final class Capabilities {
  private static final int CHOWN = 0;
  private static final int DAC_OVERRIDE = 1;
  private static final int FOWNER = 3;
  private static final int FSETID = 4;
  private static final int KILL = 5;
  private static final int SETGID = 6;
  private static final int SETUID = 7;

  /** To be root among one's own files and processes, and no more. */
  private static final long OF_ROOT =
      1L << CHOWN
          | 1L << DAC_OVERRIDE
          | 1L << FOWNER
          | 1L << FSETID
          | 1L << KILL
          | 1L << SETGID
          | 1L << SETUID;

  private Capabilities() {}

  /** Nobody but root gets any: none could be used without being root first. */
  static long of(long uid) {
    return uid == 0 ? OF_ROOT : 0;
  }
}
