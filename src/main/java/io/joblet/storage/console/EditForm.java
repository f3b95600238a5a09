package io.joblet.storage.console;

import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A volume as somebody wants to have it, in the words of the form.
 *
 * @param guarded whether it cannot be deleted
 * @param version of the row that the form was filled from
 */
public record EditForm(String size, String labels, boolean guarded, String version) {
  private static final String SIZE = "size";
  private static final String LABELS = "labels";
  private static final String PROTECTED = "protected";
  private static final String VERSION = "row_version";

  static EditForm of(Volume volume) {
    return new EditForm(
        Text.exactSize(volume.getSizeBytes()),
        LabelLines.of(volume.getLabelsMap()),
        volume.getProtected(),
        Long.toString(volume.getRowVersion()));
  }

  static EditForm of(Visit visit) {
    return new EditForm(
        visit.field(SIZE),
        visit.field(LABELS),
        visit.field(PROTECTED).equals("yes"),
        visit.field(VERSION));
  }

  /** The same, as of another version of the row. */
  EditForm as(long newVersion) {
    return new EditForm(size, labels, guarded, Long.toString(newVersion));
  }

  Map<String, String> fields() {
    return Map.of(SIZE, size, LABELS, labels, PROTECTED, Text.yesNo(guarded), VERSION, version);
  }

  /**
   * What of a volume would be changed, under the names that an update mask has.
   *
   * @throws Problem.Invalid if the size is none, or a label has no value
   */
  List<String> changes(Volume volume) {
    List<String> changes = new ArrayList<>();
    if (Text.bytes(SIZE, size) != volume.getSizeBytes()) {
      changes.add("size_bytes");
    }
    if (!LabelLines.read(labels).equals(volume.getLabelsMap())) {
      changes.add(LABELS);
    }
    if (guarded != volume.getProtected()) {
      changes.add(PROTECTED);
    }
    return changes;
  }

  /** From what to what, to be read. */
  List<Fact> facts(Volume volume) {
    return Fact.known(
        new Fact("Volume", volume.getName()),
        Fact.change(
            "Size", Text.exactSize(volume.getSizeBytes()), Text.exactSize(Text.bytes(SIZE, size))),
        Fact.change(
            "Labels",
            LabelLines.shown(volume.getLabelsMap()),
            LabelLines.shown(LabelLines.read(labels))),
        Fact.change("Protected", Text.yesNo(volume.getProtected()), Text.yesNo(guarded)));
  }

  /**
   * As the method wants it, which checks the rest.
   *
   * @throws Problem.Invalid if a field cannot be read
   */
  UpdateVolumeRequest.Builder request() {
    return UpdateVolumeRequest.newBuilder()
        .setSizeBytes(Text.bytes(SIZE, size))
        .putAllLabels(LabelLines.read(labels))
        .setProtected(guarded)
        .setRowVersion(number());
  }

  /** 0, which other methods take for any, is none here. */
  private long number() {
    if (version.matches("[1-9][0-9]{0,17}")) {
      return Long.parseLong(version);
    }
    throw new Problem.Invalid(VERSION, "must be a version of the volume");
  }
}
