package io.joblet.storage.owner;

import io.joblet.storage.access.BearerTokens;
import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Role;
import io.joblet.storage.config.OwnerName;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Columns;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.id.uuid.UuidVersion7Strategy;

/**
 * Bearer tokens of this node: 256 random bits, of which only the SHA-256 is kept. A guess is as
 * good as none, so there is nothing to slow down and no salt to add.
 */
@ApplicationScoped
public class Tokens implements BearerTokens {
  private static final String COLUMNS =
      "id, name, owner, role, created_at, expires_at, last_used_at";

  /** How exactly the last use is known: a write for every call would be one for every read. */
  private static final Duration EXACT = Duration.ofMinutes(1);

  private final RoundTrips database;
  private final CurrentNode node;

  Tokens(RoundTrips database, CurrentNode node) {
    this.database = database;
    this.node = node;
  }

  /** A token just made; {@code secret} is shown to whoever asked for it and then forgotten. */
  public record Made(Token token, String secret) {}

  /**
   * Makes a token.
   *
   * @param life empty: until it is revoked
   * @throws Problem.AlreadyExists when the owner has one of that name
   */
  public Made create(
      TokenName name, OwnerName owner, Role role, Optional<Duration> life, Caller caller) {
    Secret secret = Secret.make();
    Instant now = Instant.now();
    UUID id = UuidVersion7Strategy.INSTANCE.generateUuid(null);
    Instant expires = life.map(now::plus).orElse(null);
    try {
      database.commit(
          new Changes()
              .add(
                  "insert into api_token (id, node_id, name, owner, role, sha256, created_at,"
                      + " created_by, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz)",
                  id,
                  node.id(),
                  name.text(),
                  owner.text(),
                  role,
                  secret.sha256(),
                  now,
                  caller.principal(),
                  expires));
    } catch (ConstraintViolationException e) {
      if ("api_token_name_is_unique".equals(e.getConstraintName())) {
        String taken = owner.text() + "/" + name.text();
        throw new Problem.AlreadyExists(
            "token",
            taken,
            "token '" + taken + "' already exists; revoke it first, or take another name",
            Map.of());
      }
      throw e;
    }
    Token token = new Token(id, name.text(), owner.text(), role, now, expires, null);
    return new Made(token, secret.text());
  }

  /** Those that are not revoked, by owner and name. */
  public List<Token> list() {
    return database.readAll(
        "select "
            + COLUMNS
            + " from api_token where node_id = ? and revoked_at is null order by owner, name",
        Tokens::token,
        node.id());
  }

  /**
   * Refuses it from now on.
   *
   * @throws Problem.NotFound if there is none, or it is revoked already
   */
  public void revoke(UUID id) {
    try {
      database.commit(
          new Changes()
              .one(
                  "update api_token set revoked_at = ? where id = ? and node_id = ?"
                      + " and revoked_at is null",
                  Instant.now(),
                  id,
                  node.id()));
    } catch (Problem.Conflict gone) {
      throw new Problem.NotFound("token", id.toString());
    }
  }

  @Override
  public Optional<Identity> identity(String secret, String source) {
    Optional<Secret> read = Secret.read(secret);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    List<Token> found =
        database.readAll(
            "select "
                + COLUMNS
                + " from api_token where sha256 = ? and node_id = ? and revoked_at is null",
            Tokens::token,
            read.get().sha256(),
            node.id());
    Instant now = Instant.now();
    return found.stream()
        .filter(t -> t.expiresAt() == null || t.expiresAt().isAfter(now))
        .findFirst()
        .map(token -> {
          noteUse(token, now);
          return new Identity(
              "token:" + token.owner() + "/" + token.name(), token.owner(), token.role(), source);
        });
  }

  private void noteUse(Token token, Instant now) {
    if (token.lastUsedAt() == null || token.lastUsedAt().isBefore(now.minus(EXACT))) {
      database.commit(
          new Changes().add("update api_token set last_used_at = ? where id = ?", now, token.id()));
    }
  }

  private static Token token(Columns rows) throws SQLException {
    return new Token(
        rows.uuid(),
        rows.text(),
        rows.text(),
        rows.constant(Role.class),
        rows.time(),
        rows.time(),
        rows.time());
  }
}
