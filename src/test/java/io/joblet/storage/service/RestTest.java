package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same service by HTTP. */
@QuarkusTest
class RestTest extends RestCalls {
  @Test
  void aVolumeLivesByRest() throws IOException {
    Http.Answer made =
        rest(
            "POST",
            "/volumes",
            "{\"name\":\"data\",\"type\":\"filesystem\",\"size_bytes\":16777216}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(json(made).get("size_bytes").longValue()).isEqualTo(16 * MIB);
    assertThat(made.header("ETag")).matches("\"[0-9]+\"");

    Http.Answer attached = rest("POST", "/volumes/data/attachments", "{\"job_id\":\"job\"}");
    assertThat(attached.status()).isEqualTo(201);
    assertThat(json(attached).get("volume_name").textValue()).isEqualTo("data");
    assertThat(get("data").getStatus()).isEqualTo("in_use");
    assertThat(rest("DELETE", "/volumes/data", "").status()).isEqualTo(409);

    assertThat(rest("DELETE", "/volumes/data/attachments/job", "").status()).isEqualTo(200);
    assertThat(rest("DELETE", "/volumes/data", "").status()).isEqualTo(200);
    assertThat(rest("GET", "/volumes/data", "").status()).isEqualTo(404);
    assertThat(rest("POST", "/volumes/data/undelete", "{}").status()).isEqualTo(200);
    assertThat(get("data").getStatus()).isEqualTo("available");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Origin: null"
      })
  void whatAPageOfSomebodyElseSendsChangesNothing(String header) throws IOException {
    create("data");
    delete("data");

    Http.Answer refused = rest("POST", "/volumes/data/undelete", "", header);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(json(refused).get("type").textValue()).isNotEmpty();
    assertThat(rest("GET", "/volumes/data", "", header).status()).isEqualTo(404);
    assertThat(rest("POST", "/volumes/data/undelete", "").status()).isEqualTo(200);
  }

  @Test
  void headIsAnsweredAsGetWithoutABody() throws IOException {
    create("data");
    Http.Answer whole = rest("GET", "/volumes/data", "");

    Http.Answer head = rest("HEAD", "/volumes/data", "");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("ETag")).isEqualTo(whole.header("ETag"));
    assertThat(head.body()).isEmpty();
    assertThat(rest("HEAD", "/volumes/none", "").status()).isEqualTo(404);
  }

  @Test
  void aModeInOctalIsNotTakenForADecimalNumber() throws IOException {
    Http.Answer refused =
        rest(
            "POST",
            "/volumes",
            "{\"name\":\"data\",\"type\":\"filesystem\",\"size_bytes\":16777216,\"mode\":\"0400\"}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).contains("mode");
  }

  @Test
  void theSameKeyIsTheSameAnswer() throws IOException {
    String body = "{\"name\":\"data\",\"type\":\"memory\",\"size_bytes\":1048576}";

    Http.Answer first = rest("POST", "/volumes", body, "Idempotency-Key: k-1");
    Http.Answer again = rest("POST", "/volumes", body, "Idempotency-Key: k-1");
    Http.Answer other =
        rest("POST", "/volumes", body.replace("data", "more"), "Idempotency-Key: k-1");

    assertThat(first.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(other.status()).isEqualTo(400);
    assertThat(rows.count("select count(*) from volume")).isEqualTo(1);
  }

  @Test
  void refusalsAreProblemDetailsThatNameTheField() throws IOException {
    Http.Answer refused =
        rest("POST", "/volumes", "{\"name\":\"-\",\"type\":\"filesystem\",\"size_bytes\":0}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
    JsonNode problem = json(refused);
    assertThat(problem.get("type").textValue()).isEqualTo("urn:joblet:problem:invalid-request");
    assertThat(problem.get("status").intValue()).isEqualTo(400);
    assertThat(problem.get("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("name", "size_bytes");
    assertThat(rows.count("select count(*) from volume")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /volumes/none                 |                    | 404
          GET    | /nothing                      |                    | 404
          PUT    | /volumes                      | {}                 | 405
          GET    | /volumes?page_size=x          |                    | 400
          GET    | /volumes?colour=red           |                    | 400
          GET    | /volumes?label_filter=nothing |                    | 400
          GET    | /volumes?label_filter=a%3D1&label_filter=a%3D2 |   | 400
          POST   | /volumes?name=x               | {}                 | 400
          POST   | /sweeps/trash?dry             | {}                 | 400
          POST   | /sweeps/trash?kind=idle       | {}                 | 400
          POST   | /sweeps/trash?dry_run=maybe   | {}                 | 400
          POST   | /sweeps/trash?dry_run=true    | {"dry_run": false} | 400
          POST   | /sweeps/everything            | {}                 | 400
          DELETE | /volumes/x                    | {"force": true}    | 400
          POST   | /volumes                      | {"name": "a'; drop table volume; --", "type": "memory", "size_bytes": 1048576} | 400
          """)
  void badRequestsAreRefusedAndChangeNothing(String verb, String path, String body, int status)
      throws IOException {
    Footprint before = footprint();

    Http.Answer answer = rest(verb, path, body == null ? "" : body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(json(answer).get("detail").textValue()).isNotEmpty().doesNotContain("Exception");
    assertThat(footprint()).isEqualTo(before);
  }

  /** By the HTTP server, before anything of ours sees it, and so without a body. */
  @ParameterizedTest
  @ValueSource(
      strings = {"/volumes/%zz", "/volumes/%", "/volumes/a%2", "/%zz", "/volumes?owner=%zz"})
  void pathsThatAreNoUriAreRefused(String path) throws IOException {
    for (String verb : List.of("GET", "DELETE", "POST")) {
      Http.Answer answer = rest(verb, path, "");
      assertThat(answer.status()).as(verb).isEqualTo(400);
      assertThat(answer.body()).as(verb).isEmpty();
    }
    assertThat(Http.ask(config.socket(), "GET", "/console/volumes/%zz", "").status())
        .isEqualTo(400);
  }

  /** Nothing of them is read as another text. */
  @Test
  void whatIsNoUtf8IsRefused() throws IOException {
    for (String path : List.of("/volumes?owner=%ff", "/volumes/%c3", "/volumes/a%ed%a0%80")) {
      Http.Answer answer = rest("GET", path, "");
      assertThat(answer.status()).as(path).isEqualTo(400);
      assertThat(answer.body()).as(path).contains("must be UTF-8");
    }
    assertThat(rest("GET", "/volumes/%c3%a4", "").status()).isEqualTo(404);
    Http.Answer answer = rest("POST", "/sweeps/trash", "\0{\0}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).get("errors").findValuesAsText("field")).containsExactly("body");
  }

  @Test
  void bodiesOfOtherTypesAndOfAnySizeAreRefused() throws IOException {
    String sweeps = "select count(*) from audit where method = 'Sweep'";
    long before = rows.count(sweeps);
    assertThat(rest("POST", "/volumes", "name=data", "Content-Type: text/plain").status())
        .isEqualTo(415);
    for (String type : List.of("multipart/form-data; boundary=x", "Multipart/Mixed; boundary=x")) {
      assertThat(
              rest("POST", "/sweeps/trash", "{\"dry_run\":true}", "Content-Type: " + type).status())
          .isEqualTo(415);
      assertThat(rest("DELETE", "/volumes/data", "x", "Content-Type: " + type).status())
          .isEqualTo(415);
    }
    assertThat(rows.count(sweeps)).isEqualTo(before);
    String large = "{\"name\":\"" + "x".repeat(2 << 20) + "\"}";
    assertThat(rest("POST", "/volumes", large).status()).isEqualTo(413);
    assertThat(rest("GET", "/volumes", "").status()).isEqualTo(200);
  }

  @Test
  void pagesAndLabelsAreAsInGrpc() throws IOException {
    create(wanted("a").putLabels("team", "x"));
    create(wanted("b").putLabels("team", "x"));
    create(wanted("c"));

    JsonNode first = json(rest("GET", "/volumes?page_size=1&label_filter=team%3Dx", ""));
    JsonNode second =
        json(
            rest(
                "GET",
                "/volumes?page_size=1&label_filter=team%3Dx&page_token="
                    + first.get("next_page_token").textValue(),
                ""));

    assertThat(first.get("volumes").findValuesAsText("name")).containsExactly("a");
    assertThat(second.get("volumes").findValuesAsText("name")).containsExactly("b");
    assertThat(second.get("next_page_token").textValue()).isEmpty();
  }

  @Test
  void eventsAreServerSent() throws IOException {
    String address = eventsFromNow();
    create("data");

    String told = Http.until(config.socket(), address, "event: caught_up");

    assertThat(told)
        .containsIgnoringCase("Content-Type: text/event-stream")
        .contains("event: created")
        .contains("\"volume_name\":\"data\"");
  }

  @Test
  void whoComesBackIsToldWhatCameAfterTheLastIdAndNotTheAddress() throws IOException {
    String address = eventsFromNow();
    create("first");
    String before = Http.until(config.socket(), address, "event: caught_up");
    String read = before.replaceFirst("(?s).*\\bid: ?(\\d+).*", "$1");
    create("second");

    String told =
        Http.until(config.socket(), address, "event: caught_up", "Last-Event-ID: " + read);

    assertThat(told).contains("\"volume_name\":\"second\"").doesNotContain("\"first\"");
  }

  /** Those of all tests before would take seconds. */
  private String eventsFromNow() {
    return "/api/v1/events?after_position="
        + rows.query("select coalesce(max(position), 0) from volume_event").getFirst();
  }

  @Test
  void aPositionThatWasNeverToldIsRefused() throws IOException {
    String future = "4611686018427387904";
    for (Http.Answer refused :
        List.of(
            rest("GET", "/events?after_position=" + future, ""),
            rest("GET", "/events", "", "Last-Event-ID: " + future))) {
      assertThat(refused.status()).isEqualTo(400);
      assertThat(json(refused).get("errors").findValuesAsText("field"))
          .containsExactly("after_position");
    }
  }

  @Test
  void halfASurrogatePairIsRefusedAndStoredNowhere() throws IOException {
    Footprint before = footprint();

    Http.Answer refused =
        rest(
            "POST",
            "/volumes",
            "{\"name\":\"data\",\"type\":\"memory\",\"size_bytes\":1048576,"
                + "\"labels\":{\"note\":\"a\\ud800\"}}");
    Http.Answer job =
        rest("POST", "/jobs", "{\"job_id\":\"job\",\"command\":[\"true\",\"\\udfff\"]}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(json(refused).get("errors").findValuesAsText("field"))
        .containsExactly("labels.note");
    assertThat(json(job).get("errors").findValuesAsText("field")).containsExactly("command[1]");
    assertThat(footprint()).isEqualTo(before);
  }

  @Test
  void theDocumentDescribesEveryPath() throws IOException {
    Http.Answer document = rest("GET", "/openapi.json", "");
    ParseOptions strict = new ParseOptions();
    strict.setResolve(true);

    SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(document.body(), null, strict);

    assertThat(parsed.getMessages()).isEmpty();
    JsonNode paths = json(document).get("paths");
    assertThat(paths.at("/~1events/get/parameters").findValuesAsText("name"))
        .contains("after_position", "Last-Event-ID");
    assertThat(paths.at("/~1volumes~1{volume}/get/parameters").findValuesAsText("name"))
        .contains("If-None-Match");
    assertThat(parsed.getOpenAPI().getPaths().keySet())
        .containsAll(List.of("/volumes", "/volumes/{volume}", "/jobs/{job}/logs", "/events"));
    parsed
        .getOpenAPI()
        .getPaths()
        .forEach((path, item) ->
            item.readOperations()
                .forEach(o -> assertThat(o.getOperationId()).as(path).isNotEmpty()));
  }

  @Test
  void aDryRunCanBeAskedForInTheQueryToo() throws IOException {
    create("data");
    delete("data");
    assertThat(rest("POST", "/sweeps/trash", "").body())
        .as("the first sweep only observes")
        .doesNotContain("data");

    await().until(() -> rest("POST", "/sweeps/trash?dry_run=true", "").body().contains("\"data\""));
    assertThat(rest("POST", "/sweeps/trash", "{\"dry_run\": true}").body()).contains("\"data\"");
    assertThat(rows.count("select count(*) from volume")).isEqualTo(1);
    assertThat(rest("POST", "/sweeps/trash?dry_run=false", "").status()).isEqualTo(200);
    assertThat(rows.count("select count(*) from volume")).isZero();
  }

  @Test
  void whatBrowsersAskForByThemselvesIsThere() throws IOException {
    Http.Answer page = Http.ask(config.socket(), "GET", "/api/docs", "");
    assertThat(page.status()).isEqualTo(308);
    assertThat(page.header("Location")).isEqualTo("/api/docs/");
    assertThat(Http.ask(config.socket(), "GET", "/api/docs/", "").status()).isEqualTo(200);
    assertThat(Http.ask(config.socket(), "GET", "/favicon.ico", "").status()).isEqualTo(204);
  }

  @Test
  void thePageOfTheApiHasAllOfItsParts() throws IOException {
    Http.Answer page = Http.ask(config.socket(), "GET", "/api/docs/index.html", "");
    assertThat(page.status()).isEqualTo(200);
    Matcher part = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.body());
    int parts = 0;
    while (part.find()) {
      String path = part.group(1).startsWith("/") ? part.group(1) : "/api/docs/" + part.group(1);
      assertThat(Http.ask(config.socket(), "GET", path, "").status()).as(path).isEqualTo(200);
      parts++;
    }
    assertThat(parts).isEqualTo(3);
  }
}
