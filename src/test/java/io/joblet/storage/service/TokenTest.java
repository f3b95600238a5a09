package io.joblet.storage.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.grpc.Status.Code;
import io.joblet.storage.v1.CreateTokenRequest;
import io.joblet.storage.v1.CreateTokenResponse;
import io.joblet.storage.v1.ListTokensRequest;
import io.joblet.storage.v1.RevokeTokenRequest;
import io.joblet.storage.v1.Token;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bearer tokens, over HTTP. */
@QuarkusTest
class TokenTest extends RemoteTest {
  @TestHTTPResource("/")
  URL url;

  private Remote ops;

  @BeforeEach
  void connectAdmin() {
    ops = as("ops", "admin");
  }

  @AfterEach
  void forgetTokens() {
    rows.change("delete from api_token");
  }

  private CreateTokenResponse make(String name, String role) {
    return ops.access()
        .createToken(
            CreateTokenRequest.newBuilder().setName(name).setOwner("henry").setRole(role).build());
  }

  /** The status of an answer on the port where nobody is known by the connection. */
  private int status(String path, String authorization) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url + path).toURL().openConnection();
    connection.setRequestProperty("Authorization", authorization);
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  @Test
  void letInByWhatTheirRoleAllows() throws IOException {
    String admin = make("ci", "admin").getSecret();
    String reader = make("viewer", "viewer").getSecret();

    assertThat(status("q/metrics", "Bearer " + admin)).isEqualTo(200);
    assertThat(status("q/metrics", "bearer  " + admin)).isEqualTo(200);
    assertThat(status("q/metrics", "Bearer " + reader)).isEqualTo(403);
    assertThat(status("q/health", "Bearer " + reader)).isEqualTo(200);
    assertThat(ops.access().listTokens(ListTokensRequest.getDefaultInstance()).getTokensList())
        .allSatisfy(token -> assertThat(token.hasLastUsedAt()).isTrue());
  }

  @Test
  void areRefusedWhenUnknownExpiredOrRevoked() throws IOException {
    CreateTokenResponse revoked = make("ci", "admin");
    CreateTokenResponse expired = make("old", "admin");
    ops.access()
        .revokeToken(RevokeTokenRequest.newBuilder().setId(revoked.getToken().getId()).build());
    rows.change("update api_token set expires_at = now() where name = 'old'");

    String guess = "jbt_" + "A".repeat(43);
    for (String secret :
        new String[] {
          revoked.getSecret(), expired.getSecret(), guess, "", "jbt_", "' or true --"
        }) {
      assertThat(status("q/health", "Bearer " + secret)).as(secret).isEqualTo(401);
    }
    assertThat(
            Refused.by(() ->
                    ops.access()
                        .revokeToken(
                            RevokeTokenRequest.newBuilder()
                                .setId(revoked.getToken().getId())
                                .build()))
                .code())
        .isEqualTo(Code.NOT_FOUND);
  }

  @Test
  void endTheStreamsTheyBeganWhenTheyAreRevoked() throws Exception {
    CreateTokenResponse made = make("watch", "reader");
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url + "api/v1/events").toURL().openConnection();
    connection.setRequestProperty("Authorization", "Bearer " + made.getSecret());
    BufferedReader events =
        new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
    assertThat(line(events, "event:")).isEqualTo("event: caught_up");

    ops.access()
        .revokeToken(RevokeTokenRequest.newBuilder().setId(made.getToken().getId()).build());

    assertThat(line(events, "event: problem")).isEqualTo("event: problem");
    assertThat(line(events, "data:")).contains("\"status\":401", "was revoked");
    assertThat(end(events)).isTrue();
    connection.disconnect();
  }

  /** The next line that begins so; the stream waits for no longer than it takes. */
  private static String line(BufferedReader from, String beginning) throws IOException {
    String line = from.readLine();
    while (line != null && !line.startsWith(beginning)) {
      line = from.readLine();
    }
    return line;
  }

  /** Broken off, as a stream is that is not whole. */
  private static boolean end(BufferedReader events) {
    try {
      return line(events, "never") == null;
    } catch (IOException brokenOff) {
      return true;
    }
  }

  @Test
  void areShownOnceAndKeptAsAHash() {
    CreateTokenResponse made = make("ci", "developer");

    assertThat(made.getSecret()).matches("jbt_[A-Za-z0-9_-]{43}");
    assertThat(rows.query("select t::text from api_token t").getFirst())
        .doesNotContain(made.getSecret().substring(4));
    assertThat(ops.access().listTokens(ListTokensRequest.getDefaultInstance()).getTokensList())
        .extracting(Token::getName, Token::getOwner, Token::getRole)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("ci", "henry", "developer"));
    assertThat(make("ci2", "reader").getSecret()).isNotEqualTo(made.getSecret());
    assertThat(Refused.by(() -> make("ci", "reader")).code()).isEqualTo(Code.ALREADY_EXISTS);
  }

  @Test
  void areCheckedBeforeTheyAreMade() {
    Refused refused =
        Refused.by(() ->
            ops.access()
                .createToken(
                    CreateTokenRequest.newBuilder()
                        .setName("-")
                        .setOwner("a/b")
                        .setRole("root")
                        .setLife(Duration.getDefaultInstance())
                        .build()));

    assertThat(refused.fields()).containsExactly("name", "owner", "role", "life");
  }
}
