package io.joblet.storage.console;

import java.util.Arrays;
import java.util.Locale;

/** What has been done, told once by the page that a change leads to. */
enum Notice {
  CREATED("The volume was created."),
  DELETED("The volume was deleted."),
  CHANGED("The volume was changed."),
  PURGED("The volume was deleted for good."),
  UNDELETED("The volume is back."),
  ATTACHED("The volume was attached."),
  DETACHED("The volume was detached."),
  SHARED("The volume is shared."),
  UNSHARED("The volume is shared with that owner no longer."),
  STOPPED("The job was stopped."),
  REMOVED("The job was removed."),
  LIMITED("The limits were set."),
  REVOKED("The token was revoked.");

  private final String sentence;

  Notice(String sentence) {
    this.sentence = sentence;
  }

  /** For the query of the page that tells it. */
  String query() {
    return "?done=" + name().toLowerCase(Locale.ROOT);
  }

  /** The sentence; empty for what was never done. */
  static String of(String word) {
    return Arrays.stream(values())
        .filter(n -> n.name().toLowerCase(Locale.ROOT).equals(word))
        .map(n -> n.sentence)
        .findFirst()
        .orElse("");
  }
}
