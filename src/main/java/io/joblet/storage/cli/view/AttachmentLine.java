package io.joblet.storage.cli.view;

import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.v1.Attachment;

/** An attachment for people. */
final class AttachmentLine {
  private AttachmentLine() {}

  /**
   * One line.
   *
   * @param whose what is held, or who holds it
   */
  static String of(String whose, Attachment held) {
    return whose
        + " at "
        + held.getMountPath()
        + " ("
        + access(held)
        + ", "
        + held.getStatus()
        + "; host: "
        + held.getHostPath()
        + ")";
  }

  private static String access(Attachment held) {
    String mode = Shown.cell(held.getAccessMode()).replace('_', '-');
    return held.getReadOnly() && !mode.endsWith("read-only") ? mode + ", read-only" : mode;
  }
}
