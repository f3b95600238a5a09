package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.CreateTokenRequest;
import io.joblet.storage.v1.CreateTokenResponse;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with visitors of the console. */
abstract class ConsoleVisits extends RemoteTest {
  Browsing nobody;

  @BeforeEach
  void open() throws Exception {
    nobody = new Browsing(tlsUrl.getPort(), authority, null);
  }

  @AfterEach
  void forgetTokens() {
    rows.change("delete from api_token");
  }

  CreateTokenResponse token(String owner, String role) {
    return AccessServiceGrpc.newBlockingStub(channel())
        .createToken(
            CreateTokenRequest.newBuilder()
                .setName("console-" + role)
                .setOwner(owner)
                .setRole(role)
                .build());
  }

  Browsing loggedIn(String owner, String role) throws Exception {
    Browsing browsing = new Browsing(tlsUrl.getPort(), authority, null);
    assertThat(browsing.logIn(token(owner, role).getSecret()).statusCode()).isEqualTo(303);
    browsing.get("/volumes");
    return browsing;
  }

  /** The fields as the page that asks sends them, beside those that were typed. */
  static Map<String, String> confirmed(Response asked, Map<String, String> fields) {
    Map<String, String> all = new HashMap<>(fields);
    all.put("confirmed", "yes");
    for (String name : new String[] {"request_id", "changes"}) {
      String value = field(asked, name);
      if (!value.isEmpty()) {
        all.put(name, value);
      }
    }
    return all;
  }

  /** What a form of that page has in a field; empty if it has none. */
  static String field(Response page, String name) {
    Matcher value =
        Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"").matcher(page.asString());
    return value.find() ? value.group(1) : "";
  }
}
