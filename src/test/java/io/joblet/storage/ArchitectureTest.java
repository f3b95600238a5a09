package io.joblet.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The import rules of docs/architecture.md on the classes as compiled, and each of them on the
 * classes below {@code broken}, every one of which breaks exactly the rules listed here.
 */
class ArchitectureTest {
  private static final String ROOT = "io.joblet.storage";
  private static final String BROKEN = ROOT + ".broken";

  private static final JavaClasses MAIN_CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(new ImportOption.DoNotIncludeJars())
          .importPackages(ROOT);
  private static final JavaClasses BROKEN_CLASSES = new ClassFileImporter().importPackages(BROKEN);

  private static final Map<String, ArchRule> RULES =
      new ArchitectureRules(new House(ROOT)).byName();
  private static final Map<String, ArchRule> RULES_OF_THE_BROKEN_HOUSE =
      new ArchitectureRules(new House(BROKEN)).byName();

  private static final Map<String, Set<String>> BROKEN_BY =
      Map.ofEntries(
          Map.entry(
              "packages import only what the house allows",
              Set.of(
                  "cli.ReadsSettings",
                  "volume.CallsTheEdge",
                  "usage.KnowsJobs",
                  "attic.Unknown",
                  "console.CallsAUseCase")),
          Map.entry("packages have no cycles", Set.of("volume.CallsTheEdge", "grpc.CallsVolume")),
          Map.entry("host knows the JDK only", Set.of("host.Logs")),
          Map.entry("JNA only in host.linux", Set.of("volume.CallsTheKernel")),
          Map.entry(
              "messages only in grpc, rest, console and cli",
              Set.of("volume.KnowsAMessage", "job.KnowsAStatus")),
          Map.entry("picocli only in cli", Set.of("grpc.ParsesArguments")),
          Map.entry("BouncyCastle only in cli", Set.of("access.MakesCertificates")),
          Map.entry(
              "JPA only in journal, owner, volume, job and reconcile",
              Set.of("provider.ReadsRows")),
          Map.entry("cli runs without the daemon's framework", Set.of("cli.StartsQuarkus")),
          Map.entry("standard streams only in main and cli", Set.of("job.Prints")),
          Map.entry("no java.util.logging", Set.of("job.LogsWithTheJdk")),
          Map.entry("injection by constructor", Set.of("job.WantsAField")),
          Map.entry("no names that say nothing", Set.of("volume.VolumeManager")));

  static Stream<String> rules() {
    return RULES.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void holdsInTheCode(String rule) {
    assertThat(failures(RULES.get(rule), MAIN_CLASSES)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void bitesOnTheClassesMadeToBreakIt(String rule) {
    String failures = failures(RULES_OF_THE_BROKEN_HOUSE.get(rule), BROKEN_CLASSES);

    assertThat(importersNamedIn(failures)).isEqualTo(BROKEN_BY.get(rule));
  }

  @Test
  void looksAtTheCompiledCode() {
    assertThat(MAIN_CLASSES.contain(ROOT + ".host.Host")).isTrue();
    assertThat(MAIN_CLASSES.contain(ROOT + ".v1.Volume")).isTrue();
  }

  private static String failures(ArchRule rule, JavaClasses classes) {
    // A package that is not written yet has nothing to check.
    return String.join(
        "\n", rule.allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails());
  }

  /** ArchUnit names the importer first: {@code Field <io...Class.field> has type ...}. */
  private static Set<String> importersNamedIn(String failures) {
    Pattern importer =
        Pattern.compile(
            "(?m)^[^<\\n]*?<?" + Pattern.quote(BROKEN) + "\\.([a-z.]+\\.[A-Z][A-Za-z]*)");
    return importer
        .matcher(failures)
        .results()
        .map(found -> found.group(1))
        .collect(TreeSet::new, Set::add, Set::addAll);
  }
}
