package io.joblet.storage.host;

/**
 * A process that keeps a mount busy.
 *
 * @param pid its id in the daemon's pid namespace
 * @param command its {@code comm}, at most 15 characters (proc(5))
 * @param how what holds the mount, e.g. {@code cwd}, {@code fd 3}, {@code mount namespace}
 */
public record Pin(long pid, String command, String how) {
  @Override
  public String toString() {
    return "pid " + pid + " (" + command + ", " + how + ")";
  }
}
