package io.joblet.storage.volume;

import java.util.List;
import java.util.Locale;

/** A volume with its live attachments, as read in one transaction. */
public record VolumeView(Volume volume, List<Attachment> attachments) {
  public VolumeView {
    attachments = List.copyOf(attachments);
  }

  /** What people call its state: an available volume with attachments is in use. */
  public String status() {
    return switch (volume.state()) {
      case AVAILABLE -> attachments.isEmpty() ? "available" : "in_use";
      case TRASHED -> "deleted";
      case CREATING, UPDATING, DELETING, UNDELETING, PURGING, LOST ->
          volume.state().name().toLowerCase(Locale.ROOT);
    };
  }
}
