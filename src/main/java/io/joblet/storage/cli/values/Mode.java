package io.joblet.storage.cli.values;

import picocli.CommandLine.TypeConversionException;

/** Permission bits of a directory: 1 to 4 octal digits, at most 0777. */
public record Mode(int bits) {

  /** Reads one as chmod does; set-id and sticky bits are refused. */
  public static Mode of(String text) {
    if (!text.matches("[0-7]{1,4}")) {
      throw new TypeConversionException(
          "'" + text + "' is not a mode; write octal digits, e.g. 0755");
    }
    int bits = Integer.parseInt(text, 8);
    if (bits > 0777) {
      throw new TypeConversionException(
          "'" + text + "' has set-id or sticky bits; the largest mode is 0777");
    }
    return new Mode(bits);
  }
}
