package io.joblet.storage.host;

import java.util.List;
import java.util.UUID;

/** Where things lie below the managed roots. Every path derives from an immutable id. */
public final class Layout {
  /** Images of loop volumes. */
  public static final String IMAGES = ".images";

  /** Ends the name of a file that is being made; it takes its own name when it is whole. */
  public static final String UNFINISHED = ".unfinished";

  /** Deleted volumes until they are purged. */
  public static final String TRASH = ".trash";

  /** What no row explains: set aside here, never deleted by us. */
  public static final String QUARANTINE = ".quarantine";

  /** What the row of each volume says, for the day when the rows are lost. */
  public static final String RECORDS = ".records";

  /** Ends the name of a record. */
  public static final String RECORD = ".json";

  /** Holds the installation's id; a pool without it, or with another one, is not ours. */
  public static final String MARKER = ".installation";

  /** In the jobs' directory: what the roots of all jobs share. No job has such a name. */
  public static final String JOB_BASE = ".base";

  private Layout() {}

  /** The volume's own directory: a subvolume, or the mount point of an image or a tmpfs. */
  public static ManagedPath volume(UUID volumeId) {
    return ManagedPath.of(ManagedRoot.VOLUMES, volumeId.toString());
  }

  /** The image file behind a loop volume. */
  public static ManagedPath image(UUID volumeId) {
    return ManagedPath.of(ManagedRoot.VOLUMES, IMAGES + "/" + volumeId + ".ext4");
  }

  /** What becomes {@code path} when it is whole. */
  public static ManagedPath unfinished(ManagedPath path) {
    return new ManagedPath(path.root(), path.relative() + UNFINISHED);
  }

  /** What the volume's row says, beside the data and out of its users' sight. */
  public static ManagedPath record(UUID volumeId) {
    return ManagedPath.of(ManagedRoot.VOLUMES, RECORDS + "/" + volumeId + RECORD);
  }

  /** Where a deleted volume's data waits: its subvolume, directory or image. */
  public static ManagedPath trash(UUID volumeId) {
    return ManagedPath.of(ManagedRoot.VOLUMES, TRASH + "/" + volumeId);
  }

  /** Where a volume's data lies that no row explained. */
  public static List<ManagedPath> setAside(UUID volumeId) {
    return List.of(
        ManagedPath.of(ManagedRoot.VOLUMES, QUARANTINE + "/" + volumeId),
        ManagedPath.of(ManagedRoot.VOLUMES, QUARANTINE + "/" + volumeId + ".ext4"));
  }

  /** The job's directory; its name has been checked to be a single harmless component. */
  public static ManagedPath job(String directory) {
    return ManagedPath.of(ManagedRoot.JOBS, directory);
  }

  /** What the supervisor of a job's command keeps: its output and how it ended. */
  public static ManagedPath run(UUID jobId) {
    return ManagedPath.of(ManagedRoot.RUNS, jobId.toString());
  }
}
