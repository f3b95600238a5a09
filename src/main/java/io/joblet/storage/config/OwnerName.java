package io.joblet.storage.config;

import java.util.regex.Pattern;

/**
 * Whose something is. Part of the name of a job's directory on the host, so it is one harmless
 * component; and it has no slash, so that {@code owner/name} means one thing.
 */
public record OwnerName(String text) {
  /** The rule in words. */
  public static final String RULE =
      "must be 1 to 128 characters of A-Z a-z 0-9 _ . @ + -, the first and the last a letter or"
          + " digit";

  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_.@+-]{0,126}[A-Za-z0-9])?");

  public OwnerName {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(RULE);
    }
  }
}
