package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.CreateTokenResponse;
import io.joblet.storage.v1.RevokeTokenRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The console by HTTP: who gets in, what is refused, and what a page says. */
@QuarkusTest
class ConsoleTest extends ConsoleVisits {
  private static final List<String> PAGES =
      List.of("/volumes", "/jobs", "/growth", "/operations", "/node", "/doctor");

  @Test
  void aTokenLogsInUntilItIsRevoked() {
    CreateTokenResponse made = token("alice", "maintainer");
    Response login = nobody.logIn(made.getSecret());

    assertThat(login.statusCode()).isEqualTo(303);
    assertThat(login.header("Location")).isEqualTo("/console/volumes");
    assertThat(login.header("Set-Cookie"))
        .isEqualTo(
            "__Secure-joblet-console="
                + made.getSecret()
                + "; Path=/console; Secure; HTTPOnly; SameSite=Strict");
    assertThat(nobody.get("/volumes").asString()).contains("token:alice/console-maintainer");

    AccessServiceGrpc.newBlockingStub(channel())
        .revokeToken(RevokeTokenRequest.newBuilder().setId(made.getToken().getId()).build());
    assertThat(nobody.get("/volumes").header("Location")).isEqualTo("/console/login");
  }

  @Test
  void aWrongTokenAndNoneLeadNowhere() {
    Response refused = nobody.logIn("jbt_" + "A".repeat(43));

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.header("Set-Cookie")).isNull();
    assertThat(refused.asString()).contains("the token is not known");
    for (String page : PAGES) {
      assertThat(nobody.get(page).statusCode()).as(page).isEqualTo(303);
      assertThat(nobody.get(page).header("Location")).as(page).isEqualTo("/console/login");
    }
  }

  @Test
  void loggingOutForgetsTheToken() throws Exception {
    Browsing alice = loggedIn("alice", "reader");

    Response out = alice.post("/logout", Map.of());

    assertThat(out.header("Location")).isEqualTo("/console/login");
    assertThat(out.header("Set-Cookie"))
        .startsWith("__Secure-joblet-console=;")
        .contains("Max-Age=0");
  }

  @Test
  void aCertificateIsEnough() throws Exception {
    Browsing ops =
        new Browsing(tlsUrl.getPort(), authority, Remote.issued(authority, "ops", "admin"));

    for (String page : PAGES) {
      assertThat(ops.get(page).statusCode()).as(page).isEqualTo(200);
      assertThat(ops.get(page).asString()).as(page).contains("cn:ops, admin");
    }
    Response looked = ops.post("/doctor", Map.of());
    assertThat(looked.statusCode()).isEqualTo(200);
    assertThat(looked.asString()).contains("nothing is wrong");
  }

  @Test
  void everyAnswerForbidsWhatTheConsoleDoesNotNeed() throws Exception {
    Browsing alice = loggedIn("alice", "reader");

    for (String path : List.of("/login", "/volumes", "/node", "/nowhere", "/assets/console.css")) {
      Response answer = alice.get(path);
      assertThat(answer.header("Content-Security-Policy"))
          .as(path)
          .isEqualTo(
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                  + " connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
                  + " base-uri 'none'");
      assertThat(answer.header("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
      assertThat(answer.header("Referrer-Policy")).as(path).isEqualTo("same-origin");
      assertThat(answer.header("Cache-Control"))
          .as(path)
          .isEqualTo(path.startsWith("/assets") ? "no-cache" : "no-store");
    }
    assertThat(alice.get("/assets/console.css").statusCode()).isEqualTo(200);
    assertThat(alice.get("/nowhere").statusCode()).isEqualTo(404);
    assertThat(alice.get("/assets/none.css").statusCode()).isEqualTo(404);
  }

  @Test
  void whatNoPageOfTheConsoleSentIsRefused() throws Exception {
    Browsing ops =
        new Browsing(tlsUrl.getPort(), authority, Remote.issued(authority, "ops", "admin"));
    ops.get("/doctor");
    Map<String, String> right = Map.of("form_token", ops.formToken());
    Map<String, String> own = Map.of("Origin", ops.origin());

    assertThat(ops.send("/doctor", right, own).statusCode()).isEqualTo(200);
    assertThat(ops.send("/doctor", right, Map.of("Sec-Fetch-Site", "same-origin")).statusCode())
        .isEqualTo(200);

    assertThat(ops.send("/doctor", right, Map.of()).statusCode()).isEqualTo(403);
    assertThat(ops.send("/doctor", Map.of(), own).statusCode()).isEqualTo(403);
    assertThat(ops.send("/doctor", Map.of("form_token", "x"), own).statusCode()).isEqualTo(403);
    for (String other : List.of("https://evil.example", "null", ops.origin() + "0")) {
      assertThat(ops.send("/doctor", right, Map.of("Origin", other)).statusCode())
          .as(other)
          .isEqualTo(403);
    }
    for (String site : List.of("cross-site", "same-site", "none")) {
      assertThat(
              ops.send("/doctor", right, Map.of("Origin", ops.origin(), "Sec-Fetch-Site", site))
                  .statusCode())
          .as(site)
          .isEqualTo(403);
    }
    // A token of somebody else's form is none of one's own.
    Browsing alice = loggedIn("alice", "admin");
    assertThat(alice.send("/doctor", right, own).statusCode()).isEqualTo(403);
    assertThat(nobody.send("/login", Map.of("token", "x"), Map.of()).statusCode()).isEqualTo(403);
  }

  @Test
  void othersThingsAndAdminsPagesAreNotShown() throws Exception {
    String id = create("sealed").getId();
    Browsing alice = loggedIn("alice", "maintainer");

    assertThat(alice.get("/volumes").asString()).doesNotContain("sealed");
    assertThat(alice.get("/volumes/" + id).statusCode()).isEqualTo(404);
    assertThat(alice.get("/node").statusCode()).isEqualTo(403);
    assertThat(alice.get("/doctor").statusCode()).isEqualTo(403);
    assertThat(alice.post("/doctor", Map.of()).statusCode()).isEqualTo(403);
    assertThat(alice.get("/volumes").asString()).doesNotContain("/console/doctor");
    assertThat(alice.get("/doctor").asString())
        .contains("role maintainer is not allowed to perform operation doctor")
        .doesNotContain("Exception");
  }

  @Test
  void whatUsersWroteIsText() throws Exception {
    String hostile = "<script>alert(1)</script>\"'{frame.formToken}";
    String id = create(wanted("data").putLabels("note", hostile)).getId();
    attach("data", "job");
    Browsing ops = loggedIn("ops", "admin");

    String page = ops.get("/volumes/" + id).asString();

    assertThat(page)
        .contains("note=&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;{frame.formToken}")
        .doesNotContain("<script>alert")
        .contains("/volumes/data")
        .contains("attached");
    String wrong = ops.get("/volumes/%3Cscript%3Ealert(1)%3C%2Fscript%3E").asString();
    assertThat(wrong).contains("&lt;script&gt;").doesNotContain("<script>alert");
    String asked = ops.get("/volumes?page=%3Cscript%3Ealert(1)%3C/script%3E").asString();
    assertThat(asked).doesNotContain("<script>alert").contains("page_token");
    detach("data", "job");
  }

  @Test
  void aVolumeLivesByForms() throws Exception {
    Browsing alice = loggedIn("alice", "maintainer");
    Map<String, String> wanted =
        Map.of("name", "data", "type", "filesystem", "size", "16 MiB", "labels", "team=x");

    Response asked = alice.post("/volumes/new", wanted);
    assertThat(asked.asString()).contains("Create this volume?");
    assertThat(rows.count("select count(*) from volume")).isZero();
    Response made = alice.post("/volumes/new", confirmed(asked, wanted));
    assertThat(made.statusCode()).isEqualTo(303);
    Response again = alice.post("/volumes/new", confirmed(asked, wanted));
    assertThat(again.header("Location")).isEqualTo(made.header("Location"));
    assertThat(rows.count("select count(*) from volume")).isEqualTo(1);
    String path = "/volumes/" + get("alice/data").getId();
    assertThat(made.header("Location")).isEqualTo("/console" + path + "?done=created");
    assertThat(alice.get(path + "?done=created").asString())
        .contains("The volume was created.", "team=x", "16 MiB");

    Map<String, String> job = Map.of("job_id", "job", "access_mode", "shared", "read_only", "yes");
    Response attach = alice.post(path + "/attach", job);
    assertThat(get("alice/data").getStatus()).isEqualTo("available");
    assertThat(alice.post(path + "/attach", confirmed(attach, job)).statusCode()).isEqualTo(303);
    assertThat(alice.get(path).asString()).contains("shared, read-only", "/volumes/data");
    Response inUse = alice.post(path + "/delete", Map.of("confirmed", "yes"));
    assertThat(inUse.statusCode()).isEqualTo(409);
    assertThat(inUse.asString()).contains("Something is in the way").contains("job");

    Map<String, String> hold = Map.of("job_id", "job", "mount_path", "/volumes/data");
    Response detach = alice.post(path + "/detach", hold);
    assertThat(get("alice/data").getStatus()).isEqualTo("in_use");
    assertThat(alice.post(path + "/detach", confirmed(detach, hold)).statusCode()).isEqualTo(303);

    Response delete = alice.post(path + "/delete", Map.of());
    assertThat(get("alice/data").getStatus()).isEqualTo("available");
    assertThat(alice.post(path + "/delete", confirmed(delete, Map.of())).header("Location"))
        .isEqualTo("/console/volumes?done=deleted");
    assertThat(alice.get("/volumes?trash=yes").asString()).contains("data");
    Response restore = alice.post(path + "/undelete", Map.of());
    alice.post(path + "/undelete", confirmed(restore, Map.of()));
    assertThat(get("alice/data").getStatus()).isEqualTo("available");
  }

  @Test
  void whatWasTypedWrongIsSaidAndKept() throws Exception {
    Browsing alice = loggedIn("alice", "maintainer");

    for (Map<String, String> wrong :
        List.of(
            Map.of("name", "-", "type", "memory", "size", "1 MiB"),
            Map.of("name", "x", "type", "memory", "size", "\"><script>alert(1)</script>"),
            Map.of("name", "x", "type", "memory", "size", "1 MiB", "labels", "none"))) {
      Response asked = alice.post("/volumes/new", wrong);
      Response refused = alice.post("/volumes/new", confirmed(asked, wrong));
      assertThat(refused.statusCode()).as(wrong.toString()).isEqualTo(400);
      assertThat(refused.asString())
          .contains("The request breaks a rule: ")
          .contains("value=\"" + wrong.get("name") + "\"")
          .doesNotContain("<script>alert");
    }
    assertThat(rows.count("select count(*) from volume")).isZero();
  }

  @Test
  void aReaderIsShownNoFormAndRefused() throws Exception {
    as("alice", "maintainer").volumes().createVolume(wanted("data").build());
    String path = "/volumes/" + get("alice/data").getId();
    Browsing reader = loggedIn("alice", "reader");

    String page = reader.get(path).asString();

    assertThat(page).contains("16 MiB").doesNotContain("/delete", "/attach");
    assertThat(reader.get("/volumes").asString()).doesNotContain("/volumes/new");
    assertThat(reader.get("/volumes/new").statusCode()).isEqualTo(403);
    for (String deed : List.of("/delete", "/undelete", "/attach", "/detach")) {
      Map<String, String> sure = Map.of("confirmed", "yes", "job_id", "job", "request_id", "r");
      Response refused = reader.post(path + deed, sure);
      assertThat(refused.statusCode()).as(deed).isEqualTo(403);
      assertThat(refused.asString()).contains("role reader is not allowed");
    }
    Map<String, String> sure =
        Map.of("confirmed", "yes", "name", "more", "type", "memory", "size", "1 MiB");
    assertThat(reader.post("/volumes/new", sure).statusCode()).isEqualTo(403);
    assertThat(rows.count("select count(*) from volume where state = 'AVAILABLE'")).isEqualTo(1);
  }

  @Test
  void whatARoleRefusedIsInTheAudit() throws Exception {
    as("alice", "maintainer").volumes().createVolume(wanted("data").build());
    String path = "/volumes/" + get("alice/data").getId();
    Browsing reader = loggedIn("alice", "reader");
    reader.get(path);
    rows.change("delete from audit");

    reader.get("/volumes/new");
    for (String refused :
        List.of(
            "/volumes/new", path + "/delete", path + "/undelete", path + "/attach", "/doctor")) {
      assertThat(reader.post(refused, Map.of()).statusCode()).as(refused).isEqualTo(403);
    }

    await().until(() -> rows.count("select count(*) from audit") >= 5);
    assertThat(
            rows.query(
                "select principal || ' ' || method || ' ' || outcome from audit order by method"))
        .containsExactly(
            "token:alice/console-reader AttachVolume PERMISSION_DENIED",
            "token:alice/console-reader CreateVolume PERMISSION_DENIED",
            "token:alice/console-reader DeleteVolume PERMISSION_DENIED",
            "token:alice/console-reader Doctor PERMISSION_DENIED",
            "token:alice/console-reader UndeleteVolume PERMISSION_DENIED");
    assertThat(rows.query("select source from audit")).allMatch(s -> s.startsWith("127.0.0.1:"));
  }
}
