package io.joblet.storage.service;

import static io.joblet.storage.service.UsageFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.joblet.storage.usage.UsageSampler;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * docs/reporting.md and the dashboard against the views: every example is run on known data, in a
 * transaction that is taken back.
 */
@QuarkusTest
class ReportDocumentTest extends ServiceTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("```sql\n(.*?)```\n```text\n(.*?)```", Pattern.DOTALL);

  @Inject UsageSampler sampler;

  private Connection connection;

  @BeforeEach
  void fill() throws Exception {
    new UsageFixture(rows, sampler).forgetEverything();
    connection = rows.connect();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(resource("reporting.sql"));
    }
  }

  @AfterEach
  void takeBack() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
    connection.close();
  }

  @Test
  void everyExampleShowsWhatItFinds() throws Exception {
    List<MatchResult> examples = EXAMPLE.matcher(document()).results().toList();

    assertThat(examples).hasSizeGreaterThan(12);
    for (MatchResult example : examples) {
      assertThat(lines(connection, example.group(1)))
          .as(example.group(1))
          .isNotEmpty()
          .containsExactlyElementsOf(cells(example.group(2)));
    }
  }

  @Test
  void hasAnExampleAndEveryColumnOfEachView() throws Exception {
    String document = document();
    List<String> views =
        lines(
            connection, "select relname from pg_class where relnamespace = 'report'::regnamespace");

    assertThat(views).hasSizeGreaterThan(12);
    for (String view : views) {
      int begin = document.indexOf("\n### " + view + "\n");
      assertThat(begin).as(view).isPositive();
      int end = document.indexOf("\n### ", begin + 1);
      String section = document.substring(begin, end < 0 ? document.length() : end);
      assertThat(section).contains("from report." + view + "\n");
      assertThat(section.lines().filter(line -> line.startsWith("| `")))
          .as(view)
          .containsExactlyElementsOf(
              lines(
                  connection,
                  "select '| `' || attname || '` | ' || col_description(attrelid, attnum) || ' |'"
                      + " from pg_attribute where attrelid = 'report."
                      + view
                      + "'::regclass and attnum > 0 order by attnum"));
    }
  }

  @Test
  void everyQueryOfTheDashboardFindsSomething() throws Exception {
    JsonNode dashboard =
        new ObjectMapper().readTree(Path.of("packaging/grafana/joblet-storage.json").toFile());
    List<String> queries = new ArrayList<>();
    List<String> overTime = new ArrayList<>();
    dashboard
        .get("panels")
        .forEach(panel ->
            panel
                .get("targets")
                .forEach(target -> {
                  String query = target.get("rawSql").asText();
                  queries.add(query);
                  if (target.get("format").asText().equals("time_series")) {
                    overTime.add(query);
                  }
                }));
    dashboard
        .get("templating")
        .get("list")
        .forEach(variable -> {
          if (variable.get("type").asText().equals("query")) {
            queries.add(variable.get("query").asText());
          }
        });

    assertThat(queries).hasSizeGreaterThan(10);
    assertThat(overTime).hasSizeGreaterThan(3);
    try (Statement statement = connection.createStatement()) {
      for (String query : queries) {
        assertThat(expanded(query)).doesNotContain("$");
        assertThat(lines(connection, expanded(query))).as(query).isNotEmpty();
      }
      // Grafana draws nothing without a time of that name, in order.
      for (String query : overTime) {
        try (ResultSet points = statement.executeQuery(expanded(query))) {
          assertThat(points.getMetaData().getColumnName(1)).as(query).isEqualTo("time");
          assertThat(points.getMetaData().getColumnTypeName(1)).as(query).isEqualTo("timestamptz");
          List<Instant> times = new ArrayList<>();
          while (points.next()) {
            times.add(points.getObject(1, OffsetDateTime.class).toInstant());
          }
          assertThat(times).as(query).isSorted();
        }
      }
    }
  }

  /** As Grafana does it: macros of its PostgreSQL source, and all values of a variable. */
  private static String expanded(String query) {
    return query
        .replaceAll(
            "\\$__timeFilter\\(([a-z_:]+)\\)",
            "$1 between now() - interval '7 days' and now() + interval '1 second'")
        .replace("${owner:sqlstring}", "'ml','shop'")
        .replace("${node:sqlstring}", "'host-1'");
  }

  /** The rows of a table as psql prints it, in the form of {@link UsageFixture#lines}. */
  private static List<String> cells(String table) {
    return table
        .lines()
        .skip(2)
        .filter(line -> !line.startsWith("("))
        .map(line ->
            Arrays.stream(line.split("\\|", -1))
                .map(String::strip)
                .map(cell -> cell.isEmpty() ? "-" : cell)
                .collect(Collectors.joining(" ")))
        .toList();
  }

  private static String document() throws IOException {
    return Files.readString(Path.of("docs/reporting.md"));
  }

  private static String resource(String name) throws IOException {
    try (var in = ReportDocumentTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
