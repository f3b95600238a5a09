package io.joblet.storage.access;

import io.joblet.storage.config.Excerpt;
import io.joblet.storage.config.Uuids;
import java.util.Optional;
import java.util.UUID;

/**
 * What a caller names: by id, by name among the caller's own, or as {@code owner/name}. Ids and
 * names of others mean something to those only who may see them; to all else they are not there.
 *
 * @param text as it was asked for
 * @param asker whose things the caller may name
 * @param seesAll whether those of all others too
 * @param owner among whose things the name is
 */
public record Reference(String text, String asker, boolean seesAll, String owner, String name) {
  public static Reference of(Identity caller, String text) {
    int slash = text.indexOf('/');
    return new Reference(
        text,
        caller.owner(),
        caller.seesAll(),
        slash < 0 ? caller.owner() : text.substring(0, slash),
        text.substring(slash + 1));
  }

  /** The id, if it is one in full. */
  public Optional<UUID> id() {
    return Uuids.parse(text);
  }

  /** Whether the caller may know what that owner has. */
  public boolean reaches(String whose) {
    return seesAll || whose.equals(asker);
  }

  /** For answers: short, and nothing that a terminal obeys. */
  public String excerpt() {
    return Excerpt.of(text);
  }
}
