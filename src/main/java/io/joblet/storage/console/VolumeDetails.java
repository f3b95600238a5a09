package io.joblet.storage.console;

import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.Share;
import io.joblet.storage.v1.Volume;
import java.util.List;
import java.util.Locale;

/**
 * All about one volume.
 *
 * @param sharing null where it is in the trash, or another owner's, who alone is told
 * @param periods of the plots; none where the use is not told
 * @param trashed whether it can be had back from the trash
 */
public record VolumeDetails(
    VolumeLine line,
    List<Fact> facts,
    List<Hold> holds,
    Sharing sharing,
    List<Happening> events,
    List<Plot> plots,
    List<Period.Choice> periods,
    boolean trashed,
    Rights may) {

  /**
   * What the visitor may do to it, of what can be done to it now.
   *
   * @param delete also to restore it
   */
  public record Rights(
      boolean edit, boolean delete, boolean purge, boolean attach, boolean share) {}

  /** A job that has it. */
  public record Hold(String job, String path, String mode, String status, String since) {
    static Hold of(Attachment attachment) {
      String mode = attachment.getAccessMode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return new Hold(
          attachment.getJobId(),
          attachment.getMountPath(),
          mode + (attachment.getReadOnly() ? ", read-only" : ""),
          attachment.getStatus(),
          Text.time(attachment.getAttachedAt()));
    }
  }

  /**
   * Whom it is shared with.
   *
   * @param more whether there are others too
   */
  public record Sharing(List<With> with, boolean more) {}

  /** An owner whom it is shared with. */
  public record With(String owner, String access, String since, String by) {
    static With of(Share share) {
      return new With(
          share.getWithOwner(),
          share.getReadOnly() ? "read-only" : "read and write",
          Text.time(share.getCreatedAt()),
          share.getCreatedBy());
    }
  }

  /** Something that happened to it. */
  public record Happening(String time, String what, String job, String reason) {}

  static List<Fact> facts(Volume volume) {
    return Fact.known(
        new Fact("State", volume.getStatus().replace('_', ' ')),
        new Fact("Why", volume.getReason()),
        new Fact("Owner", volume.getOwner()),
        new Fact("Type", volume.getType().name().toLowerCase(Locale.ROOT)),
        new Fact("Size", Text.size(volume.getSizeBytes())),
        new Fact("Inodes", volume.getInodeLimit() == 0 ? "" : "at most " + volume.getInodeLimit()),
        new Fact("Protected", Text.yesNo(volume.getProtected())),
        new Fact("Labels", LabelLines.shown(volume.getLabelsMap())),
        new Fact("Backend", volume.getProvider()),
        new Fact("Node", volume.getNode()),
        new Fact("Path", volume.getPath()),
        new Fact("Created", Text.time(volume.getCreatedAt())),
        new Fact("Last used", Text.time(volume.getLastUsed())),
        new Fact("In the trash since", Text.time(volume.getDeletedAt())),
        new Fact("Kept until", Text.time(volume.getPurgeAfter())),
        new Fact("Id", volume.getId()));
  }
}
