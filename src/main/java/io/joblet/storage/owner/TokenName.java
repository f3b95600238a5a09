package io.joblet.storage.owner;

import java.util.regex.Pattern;

/** What an owner calls a token. */
public record TokenName(String text) {
  /** The rule in words. */
  public static final String RULE =
      "must be 1 to 63 characters of A-Z a-z 0-9 _ . -, the first and the last a letter or digit";

  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");

  public TokenName {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(RULE);
    }
  }
}
