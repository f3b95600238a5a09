package io.joblet.storage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;

/**
 * The packages below a root and who may import whom, as docs/architecture.md has it. The root is a
 * parameter so that the rules can be shown to fail on classes made to break them.
 */
record House(String root) {
  /** What the generated messages' package is called below the root. */
  static final String MESSAGES = "v1";

  /** The root package itself: main and nothing else. */
  static final String MAIN = "main";

  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry(MAIN, Set.of("config", "daemon", "postgres")),
          Map.entry(
              "daemon", Set.of("config", "postgres", "host.linux", "host", "problem", "reconcile")),
          Map.entry("config", Set.of()),
          Map.entry("postgres", Set.of("config")),
          Map.entry("host", Set.of()),
          Map.entry("host.linux", Set.of("host", "config")),
          Map.entry("problem", Set.of()),
          Map.entry("access", Set.of("config", "problem")),
          Map.entry("journal", Set.of("access", "host", "config", "problem")),
          Map.entry("event", Set.of("journal", "config", "problem")),
          Map.entry("owner", Set.of("access", "journal", "config", "problem")),
          Map.entry("volume", Set.of("access", "journal", "host", "config", "problem")),
          Map.entry("provider", Set.of("volume", "host", "config", "problem")),
          Map.entry("usage", Set.of("volume", "journal", "access", "host", "config", "problem")),
          Map.entry("job", Set.of("access", "volume", "journal", "host", "config", "problem")),
          Map.entry(
              "reconcile",
              Set.of(
                  "job", "usage", "volume", "event", "journal", "access", "host", "config",
                  "problem")),
          Map.entry(
              "grpc",
              Set.of(
                  "reconcile",
                  "job",
                  "usage",
                  "volume",
                  "event",
                  "journal",
                  "owner",
                  "access",
                  "config",
                  "problem",
                  MESSAGES)),
          Map.entry("rest", Set.of("grpc", "access", "problem", MESSAGES)),
          Map.entry("console", Set.of("rest", "grpc", "access", "config", "problem", MESSAGES)),
          Map.entry("cli", Set.of(MESSAGES)),
          Map.entry(MESSAGES, Set.of()));

  boolean owns(JavaClass type) {
    return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
  }

  /** The room a class of this house lives in: the first package below the root, or host.linux. */
  String room(JavaClass type) {
    if (type.getPackageName().equals(root)) {
      return MAIN;
    }
    String below = type.getPackageName().substring(root.length() + 1);
    if (below.equals("host.linux") || below.startsWith("host.linux.")) {
      return "host.linux";
    }
    return below.contains(".") ? below.substring(0, below.indexOf('.')) : below;
  }

  boolean isKnown(JavaClass type) {
    return MAY_IMPORT.containsKey(room(type));
  }

  boolean mayImport(JavaClass importer, JavaClass imported) {
    String from = room(importer);
    String to = room(imported);
    boolean sizeForTheCommandLine =
        from.equals("cli") && imported.getName().equals(root + ".config.Size");
    return from.equals(to)
        || sizeForTheCommandLine
        || MAY_IMPORT.getOrDefault(from, Set.of()).contains(to);
  }

  DescribedPredicate<JavaClass> in(String... rooms) {
    Set<String> wanted = Set.of(rooms);
    return DescribedPredicate.describe(
        "are in " + String.join(", ", rooms), type -> owns(type) && wanted.contains(room(type)));
  }
}
