package io.joblet.storage.simulation;

import java.util.List;

/**
 * What a client heard.
 *
 * @param done of a sweep: what it says it did, serials of volumes or names of jobs; of a purge: the
 *     serial that was meant
 * @param text for people
 */
record Answer(Kind kind, List<String> done, String text) {
  /** What an answer means for what may be. */
  enum Kind {
    /** It is so. */
    DONE,
    /** Refused, and nothing was in the way but the state of things. */
    REFUSED,
    /** The host, or the rest of what fate did, made it fail; the answer says that it did. */
    FAILED,
    /** No answer, or one that does not know: it may be so or not. */
    UNKNOWN
  }

  static Answer done(String text) {
    return new Answer(Kind.DONE, List.of(), text);
  }

  static Answer done(List<String> what, String text) {
    return new Answer(Kind.DONE, List.copyOf(what), text);
  }

  static Answer of(Kind kind, String text) {
    return new Answer(kind, List.of(), text);
  }
}
