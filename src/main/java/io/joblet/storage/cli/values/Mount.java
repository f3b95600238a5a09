package io.joblet.storage.cli.values;

import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.VolumeMount;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code VOLUME[:/PATH[:OPTION,...]]} with the options {@code ro}, {@code rw} and an {@link
 * Access}, {@code shared-read-only} also as {@code shared-ro}; e.g. {@code data:/data} or {@code
 * models:/models:ro,shared-read-only}.
 */
public record Mount(VolumeMount message) {
  private static final Choice<Access> ACCESS = new Choice<>(Access.class);

  /** Reads one. A colon in the path is not possible; the daemon checks the rest. */
  public static Mount of(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length > 3 || parts[0].isEmpty()) {
      throw new TypeConversionException("'" + text + "' is not VOLUME[:/PATH[:OPTION,...]]");
    }
    VolumeMount.Builder mount = VolumeMount.newBuilder().setVolume(parts[0]);
    if (parts.length > 1) {
      if (!parts[1].startsWith("/")) {
        throw new TypeConversionException(
            "'" + parts[1] + "' in '" + text + "' is not an absolute path");
      }
      mount.setMountPath(parts[1]);
    }
    if (parts.length > 2) {
      for (String option : parts[2].split(",", -1)) {
        apply(option, mount, text);
      }
    }
    return new Mount(mount.build());
  }

  private static void apply(String option, VolumeMount.Builder mount, String text) {
    switch (option) {
      case "ro" -> mount.setReadOnly(true);
      case "rw" -> mount.setReadOnly(false);
      case "shared-ro" -> mount.setAccessMode(AccessMode.SHARED_READ_ONLY);
      default -> mount.setAccessMode(access(option, text));
    }
  }

  private static AccessMode access(String option, String text) {
    try {
      return ACCESS.convert(option).message();
    } catch (TypeConversionException unknown) {
      throw new TypeConversionException(
          "'"
              + option
              + "' in '"
              + text
              + "' is none of ro, rw, exclusive, shared, shared-read-only, shared-ro");
    }
  }
}
