package io.joblet.storage.journal;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;

/** Which node this daemon is; known from the moment it has taken the node over. */
@ApplicationScoped
public class CurrentNode {
  private volatile Identity identity;

  private record Identity(UUID id, String name, Instant startedAt) {}

  /** Set once by the start, before anything is served. */
  public void become(Node node) {
    identity = new Identity(node.id, node.name, node.startedAt);
  }

  /** This node's id in the database. */
  public UUID id() {
    return known().id();
  }

  public String name() {
    return known().name();
  }

  /** When this daemon took the node over. */
  public Instant startedAt() {
    return known().startedAt();
  }

  private Identity known() {
    Identity known = identity;
    if (known == null) {
      throw new IllegalStateException("the daemon has not taken over its node yet");
    }
    return known;
  }
}
