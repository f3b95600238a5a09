package io.joblet.storage.host;

import java.util.Set;

/**
 * One line of {@code /proc/thread-self/mountinfo} (proc(5)), octal escapes decoded.
 *
 * @param mountId unique while the mount lives
 * @param parentId the mount it lies on
 * @param device {@code major:minor} of files on it
 * @param root the path within the file system that is shown
 * @param target the mount point as seen by the daemon
 * @param options per-mount options, e.g. {@code ro}, {@code nosuid}
 * @param type the file system's type, e.g. {@code btrfs}
 * @param source device or name
 * @param superOptions per-superblock options
 * @param propagation optional fields such as {@code shared:5}; empty for a private mount
 */
public record MountEntry(
    long mountId,
    long parentId,
    String device,
    String root,
    String target,
    Set<String> options,
    String type,
    String source,
    Set<String> superOptions,
    Set<String> propagation) {

  public boolean readOnly() {
    return options.contains("ro");
  }
}
