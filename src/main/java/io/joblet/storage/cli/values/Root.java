package io.joblet.storage.cli.values;

import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.Userland;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code --rootfs}: where a job's programs come from, {@code auto}, {@code host}, {@code minimal}
 * or an absolute directory.
 *
 * @param directory empty unless the userland is a directory
 */
public record Root(Userland userland, String directory) {

  /** Reads one; whether the directory will do is for the daemon to say. */
  public static Root of(String text) {
    return switch (text) {
      case "auto" -> new Root(Userland.USERLAND_UNSPECIFIED, "");
      case "host" -> new Root(Userland.HOST, "");
      case "minimal" -> new Root(Userland.MINIMAL, "");
      default -> {
        if (!text.startsWith("/")) {
          throw new TypeConversionException(
              "'" + text + "' is none of auto, host, minimal and no absolute directory");
        }
        yield new Root(Userland.DIRECTORY, text);
      }
    };
  }

  /** Writes it into a message. */
  void putInto(JobFilesystem.Builder filesystem) {
    filesystem.setUserland(userland).setDirectory(directory);
  }
}
