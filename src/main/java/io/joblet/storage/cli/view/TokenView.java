package io.joblet.storage.cli.view;

import static io.joblet.storage.cli.output.Shown.age;
import static io.joblet.storage.cli.output.Shown.instant;
import static io.joblet.storage.cli.output.Shown.time;

import io.joblet.storage.cli.output.Column;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.v1.Token;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tokens, their secrets never. */
public final class TokenView {
  private TokenView() {}

  /**
   * One on each line.
   *
   * @param now what ages are relative to
   */
  public static View<Token> list(Instant now) {
    return new View<>(
        TokenView::document,
        List.of(
            new Column<>("OWNER", Token::getOwner),
            new Column<>("NAME", Token::getName),
            new Column<>("ROLE", Token::getRole),
            new Column<>("AGE", token -> age(instant(token.getCreatedAt()), now)),
            new Column<>(
                "LAST USED",
                token -> token.hasLastUsedAt() ? age(instant(token.getLastUsedAt()), now) : ""),
            new Column<>(
                "EXPIRES",
                token -> token.hasExpiresAt() ? instant(token.getExpiresAt()).toString() : "never"),
            new Column<>("ID", Token::getId)),
        "no tokens");
  }

  /** For programs; docs/cli.md lists the keys. */
  public static Map<String, Object> document(Token token) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", token.getId());
    document.put("name", token.getName());
    document.put("owner", token.getOwner());
    document.put("role", token.getRole());
    document.put("created_at", time(token.hasCreatedAt(), token.getCreatedAt()));
    document.put("expires_at", time(token.hasExpiresAt(), token.getExpiresAt()));
    document.put("last_used_at", time(token.hasLastUsedAt(), token.getLastUsedAt()));
    return document;
  }
}
