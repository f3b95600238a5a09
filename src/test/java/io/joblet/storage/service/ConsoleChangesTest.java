package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What can be changed about a volume by the console's forms. */
@QuarkusTest
class ConsoleChangesTest extends ConsoleVisits {
  private static final List<String> CHANGES =
      List.of(
          "/volumes/new",
          "/volumes/VOLUME/edit",
          "/volumes/VOLUME/delete",
          "/volumes/VOLUME/undelete",
          "/volumes/VOLUME/purge",
          "/volumes/VOLUME/share",
          "/volumes/VOLUME/unshare",
          "/volumes/VOLUME/attach",
          "/volumes/VOLUME/detach",
          "/jobs/job/stop",
          "/jobs/job/remove",
          "/owners/alice/limits",
          "/tokens",
          "/tokens/00000000-0000-0000-0000-000000000000/revoke",
          "/sweeps",
          "/doctor");

  @Test
  void nothingIsChangedByALesserRoleOrWithoutAFormOfTheConsole() throws Exception {
    Volume data = create("data");
    Browsing ops = loggedIn("ops", "admin");
    Browsing reader = loggedIn("alice", "reader");
    long version = get("data").getRowVersion();
    Map<String, String> sure = Map.of("confirmed", "yes", "request_id", "r");
    Map<String, String> forged =
        Map.of("confirmed", "yes", "request_id", "r", "form_token", reader.formToken());

    for (String change : CHANGES) {
      String path = change.replace("VOLUME", data.getId());
      Response refused = reader.post(path, sure);
      assertThat(refused.statusCode()).as(path).isEqualTo(403);
      assertThat(refused.asString()).as(path).contains("role reader is not allowed");
      for (Response other :
          List.of(
              ops.post(path, forged),
              ops.send(path, sure, Map.of("Origin", ops.origin())),
              ops.send(path, sure, Map.of("Sec-Fetch-Site", "cross-site")))) {
        assertThat(other.statusCode()).as(path).isEqualTo(403);
        assertThat(other.asString()).as(path).contains("No page of this console sent that");
      }
    }
    assertThat(get("data").getRowVersion()).isEqualTo(version);
    assertThat(rows.count("select count(*) from api_token")).isEqualTo(2);
    assertThat(rows.count("select count(*) from owner_limit")).isZero();
  }

  @Test
  void sizeLabelsAndProtectionAreChangedAfterAPageThatAsks() throws Exception {
    String path = "/volumes/" + ofAlice("data").getId();
    Browsing alice = loggedIn("alice", "maintainer");
    Response form = alice.get(path + "/edit");
    assertThat(form.asString()).contains("value=\"16 MiB\"", ">team=x</textarea>");
    String version = field(form, "row_version");
    Map<String, String> wanted =
        Map.of(
            "size",
            "32 MiB",
            "labels",
            "team=y\r\nstage=a,b",
            "protected",
            "yes",
            "row_version",
            version);

    Response asked = alice.post(path + "/edit", wanted);
    assertThat(asked.asString())
        .contains("Change this volume?", "16 MiB \u2192 32 MiB", "team=x \u2192 stage=a,b, team=y");
    assertThat(get("alice/data").getSizeBytes()).isEqualTo(16 * MIB);
    Response done = alice.post(path + "/edit", confirmed(asked, wanted));
    assertThat(done.header("Location")).isEqualTo("/console" + path + "?done=changed");
    Response again = alice.post(path + "/edit", confirmed(asked, wanted));
    assertThat(again.header("Location")).isEqualTo(done.header("Location"));

    Volume changed = get("alice/data");
    assertThat(changed.getSizeBytes()).isEqualTo(32 * MIB);
    assertThat(changed.getLabelsMap()).isEqualTo(Map.of("team", "y", "stage", "a,b"));
    assertThat(changed.getProtected()).isTrue();
    assertThat(alice.get(path + "?done=changed").asString()).contains("The volume was changed.");
  }

  @Test
  void aLostUpdateIsToldAndNothingIsWrittenOver() throws Exception {
    String path = "/volumes/" + ofAlice("data").getId();
    Browsing alice = loggedIn("alice", "maintainer");
    String version = field(alice.get(path + "/edit"), "row_version");
    Map<String, String> wanted =
        Map.of("size", "32 MiB", "labels", "team=y", "row_version", version);
    Response asked = alice.post(path + "/edit", wanted);
    volumes.updateVolume(
        UpdateVolumeRequest.newBuilder()
            .setVolume("alice/data")
            .putLabels("team", "z")
            .setUpdateMask(FieldMask.newBuilder().addPaths("labels"))
            .build());

    // Before the question and after it.
    for (Response late :
        List.of(
            alice.post(path + "/edit", wanted),
            alice.post(path + "/edit", confirmed(asked, wanted)))) {
      assertThat(late.statusCode()).isEqualTo(409);
      assertThat(late.asString())
          .contains("changed meanwhile", "Labels, now", "team=z", "value=\"32 MiB\"", ">team=y<");
    }
    assertThat(get("alice/data").getLabelsMap()).isEqualTo(Map.of("team", "z"));
    assertThat(get("alice/data").getSizeBytes()).isEqualTo(16 * MIB);

    // Who has seen it may insist.
    Map<String, String> insisting =
        Map.of(
            "size",
            "16 MiB",
            "labels",
            "team=y",
            "row_version",
            field(alice.post(path + "/edit", wanted), "row_version"));
    Response sure = alice.post(path + "/edit", insisting);
    assertThat(alice.post(path + "/edit", confirmed(sure, insisting)).statusCode()).isEqualTo(303);
    assertThat(get("alice/data").getLabelsMap()).isEqualTo(Map.of("team", "y"));
  }

  @Test
  void aChangeThatIsNoneOrBreaksARuleIsSaidAndWhatWasTypedKept() throws Exception {
    String path = "/volumes/" + ofAlice("data").getId();
    Browsing alice = loggedIn("alice", "maintainer");
    String version = field(alice.get(path + "/edit"), "row_version");

    Response same =
        alice.post(
            path + "/edit",
            Map.of("size", "16384 KiB", "labels", "team=x", "row_version", version));
    assertThat(same.asString()).contains("That is how it is already.");
    for (Map<String, String> wrong :
        List.of(
            Map.of("size", "\"><b>", "labels", "team=x", "row_version", version),
            Map.of("size", "32 MiB", "labels", "</textarea><b>", "row_version", version))) {
      Response refused = alice.post(path + "/edit", wrong);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.asString()).contains("The request breaks a rule").doesNotContain("<b>");
    }
    // A form without a version of the row changes nothing, whatever it says.
    for (String none : List.of("", "0", "-1", "x")) {
      Response refused =
          alice.post(
              path + "/edit",
              Map.of(
                  "size",
                  "32 MiB",
                  "labels",
                  "",
                  "row_version",
                  none,
                  "confirmed",
                  "yes",
                  "changes",
                  "size_bytes,labels",
                  "request_id",
                  "r" + none));
      assertThat(refused.statusCode()).as(none).isEqualTo(400);
    }
    assertThat(get("alice/data").getSizeBytes()).isEqualTo(16 * MIB);
  }

  @Test
  void theTrashGivesBackUnderAnotherNameAndIsEmptiedByAdminsAlone() throws Exception {
    Volume old = ofAlice("data");
    volumes.deleteVolume(DeleteVolumeRequest.newBuilder().setVolume("alice/data").build());
    ofAlice("data");
    String path = "/volumes/" + old.getId();
    Browsing alice = loggedIn("alice", "maintainer");

    assertThat(alice.get(path).asString()).contains("/undelete").doesNotContain("/purge", "/edit");
    assertThat(alice.post(path + "/purge", Map.of("confirmed", "yes")).asString())
        .contains("role maintainer is not allowed to perform operation purge_volume");
    Response taken = alice.post(path + "/undelete", Map.of("confirmed", "yes"));
    assertThat(taken.statusCode()).isEqualTo(409);
    Map<String, String> renamed = Map.of("new_name", "older");
    Response asked = alice.post(path + "/undelete", renamed);
    assertThat(asked.asString()).contains("as older?");
    assertThat(alice.post(path + "/undelete", confirmed(asked, renamed)).statusCode())
        .isEqualTo(303);
    assertThat(get("alice/older").getId()).isEqualTo(old.getId());

    volumes.deleteVolume(DeleteVolumeRequest.newBuilder().setVolume("alice/older").build());
    Browsing ops = loggedIn("ops", "admin");
    assertThat(ops.get(path).asString()).contains("/purge");
    Response sure = ops.post(path + "/purge", Map.of());
    assertThat(sure.asString()).contains("cannot be had back");
    assertThat(get(old.getId()).getStatus()).isEqualTo("deleted");
    assertThat(ops.post(path + "/purge", confirmed(sure, Map.of())).header("Location"))
        .isEqualTo("/console/volumes?done=purged&trash=yes");
    assertThat(ops.get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void aVolumeIsSharedAndNoLonger() throws Exception {
    String path = "/volumes/" + ofAlice("data").getId();
    Browsing alice = loggedIn("alice", "maintainer");
    Browsing bob = loggedIn("bob", "developer");
    Map<String, String> wanted = Map.of("with_owner", "bob", "read_only", "yes");

    assertThat(bob.get(path).statusCode()).isEqualTo(404);
    Response asked = alice.post(path + "/share", wanted);
    assertThat(asked.asString()).contains("Share this volume?", "bob");
    assertThat(rows.count("select count(*) from volume_share")).isZero();
    assertThat(alice.post(path + "/share", confirmed(asked, wanted)).statusCode()).isEqualTo(303);
    assertThat(alice.get(path).asString())
        .contains("<th scope=\"row\">bob</th>", "read-only", "value=\"bob\"", "Unshare with bob");
    // Its owner's readers see that too, and change nothing of it.
    assertThat(loggedIn("alice", "reader").get(path).asString())
        .contains("<th scope=\"row\">bob</th>")
        .doesNotContain("/share", "/unshare");
    // Who it is shared with sees it and nothing of that.
    assertThat(bob.get(path).asString())
        .contains("16 MiB")
        .doesNotContain("Use over time", "/edit", "/share", "/unshare", ">Sharing<");
    Response toSelf = alice.post(path + "/share", Map.of("with_owner", "", "confirmed", "yes"));
    assertThat(toSelf.statusCode()).isEqualTo(400);

    Map<String, String> no = Map.of("with_owner", "bob");
    Response sure = alice.post(path + "/unshare", no);
    assertThat(bob.get(path).statusCode()).isEqualTo(200);
    assertThat(alice.post(path + "/unshare", confirmed(sure, no)).statusCode()).isEqualTo(303);
    assertThat(bob.get(path).statusCode()).isEqualTo(404);
  }

  private Volume ofAlice(String name) {
    return as("alice", "maintainer")
        .volumes()
        .createVolume(wanted(name).putLabels("team", "x").build())
        .getVolume();
  }
}
