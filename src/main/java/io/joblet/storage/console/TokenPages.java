package io.joblet.storage.console;

import com.google.protobuf.Duration;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.AccessService;
import io.joblet.storage.v1.CreateTokenRequest;
import io.joblet.storage.v1.CreateTokenResponse;
import io.joblet.storage.v1.ListTokensRequest;
import io.joblet.storage.v1.RevokeTokenRequest;
import io.joblet.storage.v1.Token;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** Tokens: which there are, one more, one less. */
@ApplicationScoped
class TokenPages {
  private static final String SECTION = "tokens";
  private static final String PATH = ConsoleServer.ROOT + "/tokens";
  private static final long SECONDS_OF_A_DAY = 86_400;

  private final AccessService access;

  TokenPages(@GrpcService AccessService access) {
    this.access = access;
  }

  /** A token as it is listed. */
  public record Line(
      String id, String name, String owner, String role, String created, String used, String end) {
    static Line of(Token token) {
      return new Line(
          token.getId(),
          token.getName(),
          token.getOwner(),
          token.getRole(),
          Text.time(token.getCreatedAt()),
          token.hasLastUsedAt() ? Text.time(token.getLastUsedAt()) : "never",
          token.hasExpiresAt() ? Text.time(token.getExpiresAt()) : "never");
    }
  }

  /**
   * A token as somebody wants it.
   *
   * @param days how long it is good; empty for ever
   */
  public record Form(String name, String owner, String role, String days) {
    static Form of(Visit visit) {
      return new Form(
          visit.field("name"), visit.field("owner"), visit.field("role"), visit.field("days"));
    }

    Map<String, String> fields() {
      return Map.of("name", name, "owner", owner, "role", role, "days", days);
    }

    CreateTokenRequest request() {
      CreateTokenRequest.Builder request =
          CreateTokenRequest.newBuilder().setName(name).setOwner(owner).setRole(role);
      if (!days.isEmpty()) {
        if (!days.matches("[1-9][0-9]{0,4}")) {
          throw new Problem.Invalid("days", "must be a whole number of at least 1, or empty");
        }
        request.setLife(Duration.newBuilder().setSeconds(Long.parseLong(days) * SECONDS_OF_A_DAY));
      }
      return request.build();
    }
  }

  Reply list(Visit visit) {
    return list(visit, 200, new Form("", "", "developer", "90"), "");
  }

  private Reply list(Visit visit, int status, Form form, String refusal) {
    List<Line> lines =
        visit
            .ask(ListTokensRequest.getDefaultInstance(), access::listTokens)
            .getTokensList()
            .stream()
            .map(Line::of)
            .toList();
    return Reply.page(
        status, Templates.tokens(visit.frame("Tokens", SECTION), lines, form, refusal));
  }

  /** The answer is the only page that ever has the token. */
  Reply create(Visit visit) {
    visit.admit("CreateToken");
    Form form = Form.of(visit);
    try {
      CreateTokenRequest wanted = form.request();
      if (!Confirmation.given(visit)) {
        return Confirmation.ask(visit, SECTION, "Create a token", question(form));
      }
      CreateTokenResponse made = visit.ask(wanted, access::createToken);
      return Reply.page(
          Templates.secret(
              visit.frame("Token " + made.getToken().getName(), SECTION), made.getSecret()));
    } catch (RuntimeException e) {
      // What was typed is not to be typed again.
      Refusal refusal = Refusal.of(e);
      return list(visit, refusal.status(), form, refusal.sentence());
    }
  }

  private static Question question(Form form) {
    return new Question(
        "Create this token? Whoever has it is that owner, in that role.",
        Fact.known(
            new Fact("Name", form.name()),
            new Fact("Owner", form.owner()),
            new Fact("Role", form.role()),
            new Fact("Good for", form.days().isEmpty() ? "ever" : form.days() + " days")),
        PATH,
        form.fields(),
        "Create",
        PATH,
        false);
  }

  Reply revoke(Visit visit) {
    visit.admit("RevokeToken");
    String id = visit.part("token");
    if (!Confirmation.given(visit)) {
      Token token =
          visit
              .ask(ListTokensRequest.getDefaultInstance(), access::listTokens)
              .getTokensList()
              .stream()
              .filter(t -> t.getId().equals(id))
              .findFirst()
              .orElseThrow(() -> new Problem.NotFound("token", id));
      return Confirmation.ask(
          visit,
          SECTION,
          "Revoke " + token.getName(),
          new Question(
              "Revoke this token? It is refused from then on.",
              Fact.known(
                  new Fact("Name", token.getName()),
                  new Fact("Owner", token.getOwner()),
                  new Fact("Role", token.getRole())),
              PATH + "/" + token.getId() + "/revoke",
              Map.of(),
              "Revoke",
              PATH,
              true));
    }
    visit.ask(RevokeTokenRequest.newBuilder().setId(id).build(), access::revokeToken);
    return Reply.goTo("/tokens" + Notice.REVOKED.query());
  }
}
