package io.joblet.storage.host;

/**
 * How fast a job may read and write on one disk; 0 means no limit. What the kernel would silently
 * alter is refused: it cuts operations to 32 bits, so that 2^32 would become 0 and 2^32+1 become 1,
 * and takes the largest 32-bit number for none.
 *
 * @param readBps bytes per second, 0 or at least 4,096; with fewer, one page would hold a process
 *     for seconds in a state in which no signal reaches it
 * @param writeBps likewise
 * @param readIops operations per second, 0 to 4,294,967,294
 * @param writeIops likewise
 */
public record IoLimits(long readBps, long writeBps, long readIops, long writeIops) {
  public static final IoLimits NONE = new IoLimits(0, 0, 0, 0);

  private static final long LEAST_BPS = 4096;
  private static final long MOST_IOPS = 0xffff_fffeL;

  public IoLimits {
    checkBps(readBps, "read");
    checkBps(writeBps, "write");
    checkIops(readIops, "read");
    checkIops(writeIops, "write");
  }

  /** Whether nothing is limited. */
  public boolean none() {
    return equals(NONE);
  }

  /** Whether writing is limited in any way. */
  public boolean limitsWrites() {
    return writeBps != 0 || writeIops != 0;
  }

  /** The stricter of both, each number for itself. */
  public IoLimits and(IoLimits other) {
    return new IoLimits(
        stricter(readBps, other.readBps),
        stricter(writeBps, other.writeBps),
        stricter(readIops, other.readIops),
        stricter(writeIops, other.writeIops));
  }

  private static long stricter(long one, long other) {
    return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
  }

  private static void checkBps(long value, String what) {
    if (value != 0 && value < LEAST_BPS) {
      throw new IllegalArgumentException(
          what + " bytes per second must be 0 or at least " + LEAST_BPS + ", was " + value);
    }
  }

  private static void checkIops(long value, String what) {
    if (value < 0 || value > MOST_IOPS) {
      throw new IllegalArgumentException(
          what + " operations per second must be 0 to " + MOST_IOPS + ", was " + value);
    }
  }
}
