package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that are meant for one version of a row, or for another one. */
@QuarkusTest
class RestConditionTest extends RestCalls {
  @Test
  void aLostUpdateIsRefused() throws IOException {
    create("data");
    String tag = rest("GET", "/volumes/data", "").header("ETag");

    Http.Answer first =
        rest("PATCH", "/volumes/data", "{\"labels\":{\"by\":\"first\"}}", "If-Match: " + tag);
    Http.Answer second =
        rest("PATCH", "/volumes/data", "{\"labels\":{\"by\":\"second\"}}", "If-Match: " + tag);

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("ETag")).isNotEqualTo(tag);
    assertThat(second.status()).isEqualTo(412);
    assertThat(get("data").getLabelsMap()).containsEntry("by", "first");
    String current = first.header("ETag");
    for (String known : List.of(current, "*", "W/" + current, "\"x\", " + current)) {
      assertThat(rest("GET", "/volumes/data", "", "If-None-Match: " + known).status())
          .as(known)
          .isEqualTo(304);
    }
    assertThat(rest("GET", "/volumes/data", "", "If-None-Match: " + tag).status()).isEqualTo(200);
    String third = "{\"labels\":{\"by\":\"third\"}}";
    assertThat(rest("PATCH", "/volumes/data", third, "If-Match: *").status()).isEqualTo(200);
    assertThat(rest("PATCH", "/volumes/nothing", third, "If-Match: *").status()).isEqualTo(404);
  }

  /** RFC 9110, 13.1.1: strong tags, any of a list; what no row can have matches none. */
  @Test
  void whatIfMatchNamesIsComparedStrongly() throws IOException {
    create("data");
    String current = rest("GET", "/volumes/data", "").header("ETag");
    String change = "{\"labels\":{\"by\":\"me\"}}";

    for (String other :
        List.of(
            "\"0\"",
            "\"a\"",
            "\"\"",
            "\"01\"",
            "\"99999999999999999999\"",
            "W/" + current,
            "\"x\", W/" + current)) {
      Http.Answer refused = rest("PATCH", "/volumes/data", change, "If-Match: " + other);
      assertThat(refused.status()).as(other).isEqualTo(412);
      assertThat(refused.header("Retry-After")).as(other).isNull();
    }
    for (String broken : List.of("1", "\"1", "\"1\" \"2\"", "*, \"1\"", "w/\"1\"", ",", "\"1\"x")) {
      assertThat(rest("PATCH", "/volumes/data", change, "If-Match: " + broken).status())
          .as(broken)
          .isEqualTo(400);
    }
    assertThat(rest("PATCH", "/volumes/data", change, "If-Match: \"7\", \"8\"").status())
        .isEqualTo(400);
    assertThat(get("data").getLabelsMap()).isEmpty();
    assertThat(
            rest("PATCH", "/volumes/data", change, "If-Match: \"a\",, " + current + " ,W/\"8\"")
                .status())
        .isEqualTo(200);
  }

  @Test
  void whatHasNoMeaningIsRefused() throws IOException {
    create("data");
    for (String verb : List.of("PATCH", "DELETE")) {
      Http.Answer refused =
          rest(verb, "/volumes/data", verb.equals("PATCH") ? "{}" : "", "If-None-Match: *");
      assertThat(refused.status()).as(verb).isEqualTo(400);
      assertThat(refused.body()).contains("\"If-None-Match\"");
    }
    assertThat(get("data").getStatus()).isEqualTo("available");
  }

  @Test
  void aLostUpdateOfLimitsIsRefused() throws IOException {
    try {
      String none = rest("GET", "/owners/dana", "").header("ETag");
      Http.Answer first =
          rest("PATCH", "/owners/dana", "{\"limits\":{\"jobs\":1}}", "If-Match: " + none);
      Http.Answer late =
          rest("PATCH", "/owners/dana", "{\"limits\":{\"jobs\":2}}", "If-Match: " + none);
      Http.Answer second =
          rest(
              "PATCH",
              "/owners/dana",
              "{\"limits\":{\"jobs\":3}}",
              "If-Match: " + first.header("ETag"));
      Http.Answer lost =
          rest(
              "PATCH",
              "/owners/dana",
              "{\"limits\":{\"volumes\":4}}",
              "If-Match: " + first.header("ETag"));

      assertThat(none).isEqualTo("\"0\"");
      assertThat(List.of(first.status(), second.status())).containsExactly(200, 200);
      assertThat(List.of(late.status(), lost.status())).containsExactly(412, 412);
      assertThat(rows.query("select jobs::text from owner_limit")).containsExactly("3");

      // The same once more, by who has lost the answer, has been done and is no lost update.
      Http.Answer repeated =
          rest(
              "PATCH",
              "/owners/dana",
              "{\"limits\":{\"jobs\":3}}",
              "If-Match: " + first.header("ETag"));
      assertThat(repeated.status()).isEqualTo(200);
      assertThat(repeated.header("ETag")).isEqualTo(second.header("ETag"));

      // Lifted and set again: no version of before is good.
      rest("PATCH", "/owners/dana", "{\"limits\":{\"jobs\":null}}");
      assertThat(rest("GET", "/owners/dana", "").header("ETag")).isEqualTo(none);
      Http.Answer again = rest("PATCH", "/owners/dana", "{\"limits\":{\"jobs\":1}}");
      assertThat(again.header("ETag")).isNotIn(none, first.header("ETag"), second.header("ETag"));
    } finally {
      rows.change("delete from owner_limit");
    }
  }
}
