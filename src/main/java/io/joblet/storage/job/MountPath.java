package io.joblet.storage.job;

import io.joblet.storage.config.Excerpt;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.util.List;
import java.util.Set;

/**
 * Where a job sees a volume: absolute, normalized, below its root. Places that belong to the job's
 * root itself cannot be covered.
 */
public record MountPath(String text) {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_LENGTH = 1024;
  private static final Set<String> RESERVED =
      Set.of("proc", "sys", "dev", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "etc");

  private static final List<String> SCRATCH = List.of("/work", "/tmp");

  public MountPath {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("must be absolute, e.g. /data");
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("is longer than " + MAX_LENGTH + " characters");
    }
    if (Excerpt.deceives(text)) {
      throw new IllegalArgumentException("has a control character");
    }
    // Also refuses empty components, "." and "..", NUL, and components over 255 bytes.
    List<String> components = ManagedPath.of(ManagedRoot.JOBS, text.substring(1)).components();
    if (components.size() > MAX_DEPTH) {
      throw new IllegalArgumentException("is deeper than " + MAX_DEPTH + " directories");
    }
    if (RESERVED.contains(components.getFirst())) {
      throw new IllegalArgumentException(
          "must not be at or below /"
              + components.getFirst()
              + ", which belongs to the job's root");
    }
  }

  /** Whether one lies at or below the other. */
  public boolean overlaps(MountPath other) {
    return (text + "/").startsWith(other.text + "/") || (other.text + "/").startsWith(text + "/");
  }

  /** Whether it lies in what a job with a root file system can change itself. */
  boolean inScratch() {
    return SCRATCH.stream().anyMatch(s -> (text + "/").startsWith(s + "/"));
  }

  /** Without the leading slash. */
  public String relative() {
    return text.substring(1);
  }
}
