package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.Userland;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Owners, tokens, sweeps and jobs by the console. */
@QuarkusTest
class ConsoleAdminTest extends ConsoleVisits {
  @AfterEach
  void forgetLimits() {
    rows.change("delete from owner_limit");
  }

  @Test
  void anAdminSetsLimitsAndAnOwnerSeesItsOwn() throws Exception {
    as("alice", "maintainer").volumes().createVolume(wanted("data").build());
    Browsing ops = loggedIn("ops", "admin");
    Browsing alice = loggedIn("alice", "maintainer");
    Map<String, String> wanted = limits("3", "0");

    assertThat(ops.get("/owners").asString()).contains("href=\"/console/owners/alice\"");
    Response asked = ops.post("/owners/alice/limits", wanted);
    assertThat(asked.asString()).contains("none \u2192 3", "none \u2192 1.5 GiB");
    assertThat(rows.count("select count(*) from owner_limit")).isZero();
    assertThat(ops.post("/owners/alice/limits", confirmed(asked, wanted)).header("Location"))
        .isEqualTo("/console/owners/alice?done=limited");
    Response set = ops.get("/owners/alice");
    assertThat(set.asString())
        .contains("1 of 3", "16 MiB of 1.5 GiB", "0 B, no limit", "value=\"1.5 GiB\"");
    String version = field(set, "row_version");
    assertThat(ops.post("/owners/alice/limits", limits("3", version)).asString())
        .contains("That is how it is already.");
    Response late = ops.post("/owners/alice/limits", limits("4", "0"));
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.asString()).contains("changed meanwhile", "value=\"4\"");
    assertThat(field(late, "row_version")).isEqualTo(version);
    Response crossed = ops.post("/owners/alice/limits", confirmed(asked, limits("4", "0")));
    assertThat(crossed.statusCode()).isEqualTo(409);
    assertThat(rows.count("select volumes from owner_limit")).isEqualTo(3);
    Response wrong = ops.post("/owners/alice/limits", Map.of("volumes", "a few"));
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.asString()).contains("value=\"a few\"", "must be a whole number");

    assertThat(alice.get("/owners").header("Location")).isEqualTo("/console/owners/alice");
    assertThat(alice.get("/owners/alice").asString())
        .contains("1 of 3")
        .doesNotContain("name=\"volume_bytes\"");
    assertThat(alice.get("/owners/ops").statusCode()).isEqualTo(403);
  }

  private static Map<String, String> limits(String volumes, String version) {
    return Map.of(
        "volumes",
        volumes,
        "volume_bytes",
        "1.5 GiB",
        "memory_bytes",
        "",
        "jobs",
        "",
        "row_version",
        version);
  }

  @Test
  void aTokenIsShownOnceAndRevoked() throws Exception {
    Browsing ops = loggedIn("ops", "admin");
    Browsing alice = loggedIn("alice", "maintainer");
    Map<String, String> wanted =
        Map.of("name", "ci", "owner", "bob", "role", "reader", "days", "7");

    Response asked = ops.post("/tokens", wanted);
    assertThat(asked.asString()).contains("Whoever has it is that owner", "7 days");
    assertThat(rows.count("select count(*) from api_token where name = 'ci'")).isZero();
    Response made = ops.post("/tokens", confirmed(asked, wanted));
    String secret = made.asString().replaceAll("(?s).*(jbt_[A-Za-z0-9_-]+).*", "$1");
    assertThat(made.header("Cache-Control")).isEqualTo("no-store");
    assertThat(nobody.logIn(secret).statusCode()).isEqualTo(303);
    Response again = ops.post("/tokens", confirmed(asked, wanted));
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.asString()).contains("value=\"ci\"").doesNotContain(secret);
    assertThat(ops.get("/tokens").asString()).contains("Revoke ci of bob").doesNotContain("jbt_");
    Response wrong =
        ops.post("/tokens", Map.of("name", "x", "owner", "b", "role", "r", "days", "0"));
    assertThat(wrong.statusCode()).isEqualTo(400);

    String id = rows.query("select id from api_token where name = 'ci'").getFirst();
    String revoke = "/tokens/" + id + "/revoke";
    assertThat(ops.post(revoke, Map.of()).asString()).contains("Revoke this token?");
    assertThat(nobody.get("/volumes").statusCode()).isEqualTo(200);
    assertThat(ops.post(revoke, Map.of("confirmed", "yes")).header("Location"))
        .isEqualTo("/console/tokens?done=revoked");
    assertThat(nobody.get("/volumes").header("Location")).isEqualTo("/console/login");

    assertThat(alice.get("/tokens").statusCode()).isEqualTo(403);
    assertThat(alice.get("/volumes").asString())
        .doesNotContain("/console/tokens", "/console/sweeps");
  }

  @Test
  void aSweepSaysFirstWhatItWouldDo() throws Exception {
    create(wantedInMemory("idle").setIdleTimeout(Duration.newBuilder().setSeconds(1)));
    Browsing ops = loggedIn("ops", "admin");
    Map<String, String> idle = Map.of("kind", "idle");

    await().until(() -> ops.post("/sweeps", idle).asString().contains("1 would be swept"));
    assertThat(get("idle").getStatus()).isEqualTo("available");
    assertThat(ops.post("/sweeps", Map.of("kind", "idle", "confirmed", "yes")).asString())
        .contains("1 of 1 were swept.");
    assertThat(rows.count("select count(*) from volume")).isZero();
    assertThat(ops.post("/sweeps", idle).asString()).contains("There is nothing to sweep.");
    assertThat(ops.post("/sweeps", Map.of("kind", "x")).statusCode()).isEqualTo(400);
    assertThat(loggedIn("alice", "maintainer").get("/sweeps").statusCode()).isEqualTo(403);
  }

  @Test
  void aJobIsReadStoppedAndRemoved() throws Exception {
    Browsing alice = loggedIn("alice", "developer");
    Browsing reader = loggedIn("alice", "reader");
    String path = "/jobs/" + run("echo '<b>'; seq 1 20000; echo done; sleep 600").getId();
    await().until(() -> alice.get(path).asString().contains("20000\ndone\n</pre>"));

    assertThat(reader.get("/jobs").asString()).contains("href=\"/console" + path + "\"");
    String page = reader.get(path).asString();
    assertThat(page).contains("The end of it.").doesNotContain("\n123\n", "/stop", "/remove");
    Response log = reader.get(path + "/log");
    assertThat(log.contentType()).isEqualTo("text/plain; charset=utf-8");
    assertThat(log.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(log.asString()).startsWith("<b>\n1\n2\n").endsWith("20000\ndone\n");
    assertThat(loggedIn("bob", "developer").get(path).statusCode()).isEqualTo(404);
    assertThat(nobody.get(path + "/log").header("Location")).isEqualTo("/console/login");

    assertThat(alice.get(path).asString()).contains("/stop").doesNotContain("/remove");
    Response stop = alice.post(path + "/stop", Map.of());
    assertThat(stop.asString()).contains("Stop this job?");
    assertThat(alice.get(path).asString()).contains("running");
    assertThat(alice.post(path + "/stop", confirmed(stop, Map.of())).header("Location"))
        .isEqualTo("/console" + path + "?done=stopped");
    assertThat(alice.get(path).asString()).contains("signal 15", "/remove").doesNotContain("/stop");
    Response remove = alice.post(path + "/remove", Map.of());
    assertThat(alice.get(path).statusCode()).isEqualTo(200);
    assertThat(alice.post(path + "/remove", confirmed(remove, Map.of())).header("Location"))
        .isEqualTo("/console/jobs?done=removed");
    assertThat(alice.get(path).statusCode()).isEqualTo(404);
  }

  private Job run(String script) {
    return as("alice", "developer")
        .jobs()
        .runJob(
            RunJobRequest.newBuilder()
                .setJobId("talks")
                .addAllCommand(List.of("sh", "-c", script))
                .setFilesystem(JobFilesystem.newBuilder().setUserland(Userland.MINIMAL))
                .build())
        .getJob();
  }
}
