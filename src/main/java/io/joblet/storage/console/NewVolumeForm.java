package io.joblet.storage.console;

import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.VolumeType;
import java.util.Map;

/** A volume as somebody wants it, in the words of the form. */
public record NewVolumeForm(String name, String type, String size, String labels) {
  private static final String MEMORY = "memory";

  static NewVolumeForm empty() {
    return new NewVolumeForm("", "filesystem", "", "");
  }

  static NewVolumeForm of(Visit visit) {
    return new NewVolumeForm(
        visit.field("name"), visit.field("type"), visit.field("size"), visit.field("labels"));
  }

  public boolean inMemory() {
    return type.equals(MEMORY);
  }

  Map<String, String> fields() {
    return Map.of("name", name, "type", type, "size", size, "labels", labels);
  }

  /**
   * As the method wants it, which checks the rest.
   *
   * @throws Problem.Invalid if the size is none, or a label has no value
   */
  CreateVolumeRequest.Builder request() {
    return CreateVolumeRequest.newBuilder()
        .setName(name)
        .setType(inMemory() ? VolumeType.MEMORY : VolumeType.FILESYSTEM)
        .setSizeBytes(Text.bytes("size", size))
        .putAllLabels(LabelLines.read(labels));
  }
}
