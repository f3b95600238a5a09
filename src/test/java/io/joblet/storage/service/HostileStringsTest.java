package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.joblet.storage.faults.Canaries;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Strings that lead out of a directory, end one early, are executed by a shell, or are not what
 * they look like, in every string of every method: no fault of the daemon's own, nothing outside is
 * touched, and the volume that is there stays as it is.
 */
@QuarkusTest
class HostileStringsTest extends ServiceTest {
  private static final List<String> STRINGS =
      List.of(
          "",
          ".",
          "..",
          "/",
          "../canary",
          "../../canary/secret",
          "/etc/passwd",
          "a\0b",
          "a\nb",
          "\u001b[31mred",
          "\u202egnp.exe",
          "\u2066a\u2069",
          "\u0301",
          "\uffff",
          "x".repeat(300),
          "\"'`\\",
          "$(touch canary)",
          "`touch canary`",
          "-rf",
          "*",
          "%00",
          "%2e%2e%2f",
          ".records/x",
          "\u212a",
          " data");

  /** For all strings of a request at once, where what is looked at first is refused. */
  private static final List<String> MANY = List.of("..", "../../canary/secret", "a\0b");

  @TempDir Path userland;
  private List<Path> canaries;
  private List<SortedMap<Path, String>> before;

  /** Beside everything that the daemon has, by the names that the strings have for them. */
  @BeforeEach
  void makeCanaries() throws IOException {
    canaries =
        Stream.of(config.volumesDirectory(), config.jobsDirectory(), config.stateDirectory())
            .map(d -> Path.of(d).resolveSibling("canary"))
            .distinct()
            .toList();
    for (Path canary : canaries) {
      Files.createDirectories(canary.resolve("data"));
      Files.writeString(canary.resolve("secret"), "untouched");
      Files.writeString(canary.resolve("data/secret"), "untouched");
    }
    before = looks();
    create("data");
  }

  @AfterEach
  void removeCanaries() throws IOException {
    for (Path canary : canaries) {
      try (Stream<Path> all = Files.walk(canary)) {
        for (Path one : all.toList().reversed()) {
          Files.delete(one);
        }
      }
    }
  }

  @Test
  void inAllStringsOfARequestTouchNothing() throws IOException {
    Footprint footprint = footprint();
    List<String> wrong = new ArrayList<>();
    for (MethodDescriptor<?, ?> method : Filled.methods()) {
      for (String text : MANY) {
        Filled.fault(channel(), method, Filled.with(Methods.empty(method), text).build())
            .ifPresent(wrong::add);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(footprint().volumes()).isEqualTo(footprint.volumes());
    assertNothingIsTouched();
  }

  @Test
  void inEachStringOfAValidRequestTouchNothing() throws IOException {
    assertThat(new ValidRequests(this, userland).wrong(strings())).isEmpty();
    assertNothingIsTouched();
  }

  @Test
  void inThePathsOfRestTouchNothing() throws IOException {
    Footprint footprint = footprint();
    List<String> faults = new ArrayList<>();
    for (String text : strings()) {
      String part = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
      for (String path :
          List.of("/volumes/x", "/volumes/data/attachments/x", "/jobs/x", "/jobs/x/volumes")) {
        String whole = "/api/v1" + path.replace("x", part);
        int status = Http.ask(config.socket(), "DELETE", whole, "").status();
        if (status < 400 || status >= 500) {
          faults.add(status + " for " + whole);
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(footprint()).isEqualTo(footprint);
    assertNothingIsTouched();
  }

  private List<String> strings() {
    return Stream.concat(STRINGS.stream(), canaries.stream().map(c -> c.resolve("data").toString()))
        .toList();
  }

  private void assertNothingIsTouched() throws IOException {
    assertThat(looks()).isEqualTo(before);
    assertThat(Path.of("canary")).doesNotExist();
    assertThat(get("data").getStatus()).isEqualTo("available");
  }

  private List<SortedMap<Path, String>> looks() throws IOException {
    List<SortedMap<Path, String>> looks = new ArrayList<>();
    for (Path canary : canaries) {
      looks.add(Canaries.look(canary));
    }
    return looks;
  }
}
