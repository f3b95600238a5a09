package io.joblet.storage.job;

import java.util.regex.Pattern;

/** The caller's id of a job. It names a directory, so it is one harmless path component. */
public record JobName(String text) {
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");

  /** The rule in words. */
  public static final String RULE =
      "must be 1 to 63 characters of A-Z a-z 0-9 _ . -, the first and the last a letter or digit";

  public JobName {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(RULE);
    }
  }
}
