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
    assertThat(rest("PATCH", "/volumes/data", third, "If-Match: W/\"1\"").status()).isEqualTo(400);
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
