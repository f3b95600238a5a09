package io.joblet.storage.cli.values;

import picocli.CommandLine.TypeConversionException;

/** An absolute path within a job. */
public record Inside(String path) {

  /** Reads one; whether it is there only the job sees. */
  public static Inside of(String text) {
    if (!text.startsWith("/")) {
      throw new TypeConversionException("'" + text + "' is not an absolute path");
    }
    return new Inside(text);
  }
}
