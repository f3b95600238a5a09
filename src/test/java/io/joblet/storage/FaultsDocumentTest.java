package io.joblet.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every test that docs/crash-faults.md names is there. */
class FaultsDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/crash-faults.md");

  /** With the methods of the same class that a cell names after it, such as {@code `A.b`, `c`}. */
  private static final Pattern NAMED =
      Pattern.compile(
          "`(\\w+(?:Test|IT))(?:\\.(\\w+))?`((?:,? (?:and )?`[a-z]\\w+`(?=[,;.) |]))*)");

  private static final Pattern FURTHER = Pattern.compile("`(\\w+)`");

  @Test
  void whateverItNamesIsThere() throws IOException {
    Map<String, String> tests = sources();
    List<String> wrong = new ArrayList<>();
    int methods = 0;
    for (MatchResult named : NAMED.matcher(Files.readString(DOCUMENT)).results().toList()) {
      String test = named.group(1);
      String source = tests.get(test);
      if (source == null) {
        wrong.add(test);
      } else if (named.group(2) != null) {
        for (String method : methods(named)) {
          methods++;
          if (!has(source, method)) {
            wrong.add(test + "." + method);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(methods).as("methods that are named").isGreaterThan(30);
  }

  @Test
  void whatIsNoMethodIsSeen() {
    assertThat(has("  @Test\n  void isThere() {", "isThere")).isTrue();
    assertThat(has("  @Test\n  void isThereToo() {", "isThere")).isFalse();
    assertThat(has("  // isThere() is gone", "isThere")).isFalse();
    assertThat(NAMED.matcher("`ATest.one`, `two` |").results().toList())
        .singleElement()
        .extracting(FaultsDocumentTest::methods)
        .isEqualTo(List.of("one", "two"));
  }

  private static boolean has(String source, String method) {
    return Pattern.compile("\\bvoid " + method + "\\(").matcher(source).find();
  }

  private static List<String> methods(MatchResult named) {
    return Stream.concat(
            Stream.of(named.group(2)),
            FURTHER.matcher(named.group(3)).results().map(further -> further.group(1)))
        .toList();
  }

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> all = Files.walk(Path.of("src/test/java"))) {
      for (Path source : all.filter(p -> p.toString().endsWith(".java")).toList()) {
        String name = source.getFileName().toString();
        sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(source));
      }
    }
    return sources;
  }
}
