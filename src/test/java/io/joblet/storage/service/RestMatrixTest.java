package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.joblet.storage.access.Permission;
import io.joblet.storage.access.Role;
import io.joblet.storage.cli.tls.Authority;
import io.joblet.storage.cli.tls.Credentials;
import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.CreateTokenRequest;
import io.joblet.storage.v1.RevokeTokenRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.RestAssuredConfig;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/**
 * Every path by every kind of caller: the exact status. The paths are those of the OpenAPI
 * document. An unknown query parameter or field makes of an allowed call one that is refused for
 * its form, 400, so that nothing is done.
 */
@QuarkusTest
class RestMatrixTest extends RemoteTest {
  private static final int ALLOWED = 400;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A path's verb. */
  private record Operation(String verb, String path, Permission permission) {}

  @Test
  void everyPathAnswersEveryCertificateWithTheRightStatus() throws Exception {
    Map<String, Role> roles = new LinkedHashMap<>();
    Map<String, RequestSpecification> callers = new LinkedHashMap<>();
    for (Role role : List.of(Role.READER, Role.DEVELOPER, Role.MAINTAINER, Role.ADMIN)) {
      roles.put(role.text(), role);
      callers.put(role.text(), by(Remote.issued(authority, "m", role.text())));
    }
    callers.put("admin and reader", by(Remote.issued(authority, "m", "admin", "reader")));
    roles.put("admin and reader", Role.READER);
    callers.put("unknown unit", by(Remote.issued(authority, "m", "wheel")));
    roles.put("unknown unit", Role.UNKNOWN);

    List<String> wrong = new ArrayList<>();
    for (Operation operation : operations()) {
      callers.forEach((name, caller) -> {
        int expected = roles.get(name).atLeast(operation.permission().least()) ? ALLOWED : 403;
        expect(wrong, operation, name, caller, expected);
      });
      expect(wrong, operation, "nobody", by(null), 401);
      expect(wrong, operation, "no owner", by(Remote.issued(authority, "a/b", "admin")), 401);
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void certificatesOfOthersAndExpiredOnesDoNotConnect() throws Exception {
    for (Credentials refused :
        List.of(
            Remote.issued(Authority.make(Instant.now()), "m", "admin"),
            Remote.expired(authority, "m", "admin"))) {
      RequestSpecification caller = by(refused);
      assertThatThrownBy(() -> caller.get("/api/v1/volumes"))
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(SSLHandshakeException.class),
              e -> assertThat(e).isInstanceOf(java.net.SocketException.class),
              e -> assertThat(e).isInstanceOf(javax.net.ssl.SSLException.class));
    }
  }

  @Test
  void aTokenIsWhomItNamesUntilItIsRevoked() throws Exception {
    var made =
        AccessServiceGrpc.newBlockingStub(channel())
            .createToken(
                CreateTokenRequest.newBuilder()
                    .setName("ci")
                    .setOwner("alice")
                    .setRole("maintainer")
                    .build());
    RequestSpecification bearer = by(null).header("Authorization", "Bearer " + made.getSecret());

    assertThat(
            RestAssured.given(bearer)
                .contentType("application/json")
                .body("{\"name\":\"data\",\"type\":\"memory\",\"size_bytes\":1048576}")
                .post("/api/v1/volumes")
                .jsonPath()
                .getString("owner"))
        .isEqualTo("alice");
    assertThat(RestAssured.given(bearer).get("/api/v1/node").statusCode()).isEqualTo(403);

    AccessServiceGrpc.newBlockingStub(channel())
        .revokeToken(RevokeTokenRequest.newBuilder().setId(made.getToken().getId()).build());
    assertThat(RestAssured.given(bearer).get("/api/v1/volumes").statusCode()).isEqualTo(401);
    RequestSpecification forged = by(null).header("Authorization", "Bearer nonsense");
    assertThat(forged.get("/api/v1/volumes").statusCode()).isEqualTo(401);
  }

  @Test
  void othersVolumesAreNotThere() throws Exception {
    RequestSpecification alice = by(Remote.issued(authority, "alice", "maintainer"));
    String id =
        RestAssured.given(alice)
            .contentType("application/json")
            .body("{\"name\":\"secret\",\"type\":\"memory\",\"size_bytes\":1048576}")
            .post("/api/v1/volumes")
            .jsonPath()
            .getString("id");
    RequestSpecification bob = by(Remote.issued(authority, "bob", "maintainer"));

    for (String name : List.of("secret", id, "alice%2Fsecret", "alice%2Fnone")) {
      var answer = RestAssured.given(bob).urlEncodingEnabled(false).get("/api/v1/volumes/" + name);
      assertThat(answer.statusCode()).as(name).isEqualTo(404);
      assertThat(answer.jsonPath().getString("detail"))
          .isEqualTo("volume '" + name.replace("%2F", "/") + "' does not exist");
    }
    assertThat(RestAssured.given(bob).get("/api/v1/volumes").jsonPath().getList("volumes"))
        .isEmpty();
  }

  private void expect(
      List<String> wrong,
      Operation operation,
      String name,
      RequestSpecification caller,
      int expected) {
    RequestSpecification call = RestAssured.given(caller);
    String path = "/api/v1" + operation.path().replaceAll("\\{[^}]*}", "x");
    boolean body = !operation.verb().equals("GET") && !operation.verb().equals("DELETE");
    int status =
        (body
                ? call.contentType("application/json").body("{\"no_such_field\":1}")
                : call.queryParam("no_such_field", "1"))
            .request(operation.verb(), path)
            .statusCode();
    if (status != expected) {
      wrong.add(
          operation.verb() + " " + path + " by " + name + ": " + status + ", not " + expected);
    }
  }

  private List<Operation> operations() throws Exception {
    JsonNode document =
        JSON.readTree(
            by(Remote.issued(authority, "m", "reader")).get("/api/v1/openapi.json").asString());
    List<Operation> operations = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(verb ->
                    operations.add(
                        new Operation(
                            verb.getKey().toUpperCase(java.util.Locale.ROOT),
                            path.getKey(),
                            Permission.ofMethod(verb.getValue().get("operationId").textValue())))));
    assertThat(operations).hasSizeGreaterThan(30);
    return operations;
  }

  /** Somebody with that certificate; null for none. */
  private RequestSpecification by(Credentials client) throws GeneralSecurityException, IOException {
    return RestAssured.given()
        .baseUri("https://127.0.0.1:" + tlsUrl.getPort())
        .config(RestAssuredConfig.config().sslConfig(Https.as(authority, client)));
  }
}
