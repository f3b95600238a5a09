package io.joblet.storage.postgres;

import io.joblet.storage.host.linux.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The statements that the server of {@link PostgresResource} executes, by its own log, from {@link
 * #begin} to {@link #close}.
 */
public final class StatementLog implements AutoCloseable {
  /** Property that names the directory of that server. */
  public static final String DIRECTORY = "joblet-test.postgres-directory";

  private static final String SETTING = "log_statement = 'all'\n";

  /** The name of a prepared statement says how often it was used before. */
  private static final Pattern STATEMENT =
      Pattern.compile("LOG:  (?:execute [^:]+|statement): (.*)");

  private final Path configuration;
  private final String former;
  private final PostgresDirectory directory;

  /** Where each file of the log ended before. */
  private final Map<Path, Long> before = new HashMap<>();

  private StatementLog(PostgresDirectory directory) throws IOException {
    this.directory = directory;
    try (Stream<Path> files = Files.list(directory.logs())) {
      for (Path file : files.toList()) {
        before.put(file, Files.size(file));
      }
    }
    this.configuration = directory.serverConfiguration();
    this.former = Files.readString(configuration);
  }

  /** From now on, as soon as each session has noticed. */
  public static StatementLog begin(String directory) {
    try {
      StatementLog log = new StatementLog(new PostgresDirectory(Path.of(directory)));
      Files.writeString(log.configuration, SETTING, StandardOpenOption.APPEND);
      log.reload();
      return log;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the log has that statement; it is written a moment after the statement ended. */
  public boolean has(String text) {
    return lines().stream().anyMatch(line -> line.contains(text));
  }

  /** What was executed between two markers, which are statements themselves. */
  public List<String> between(String first, String last) {
    List<String> found = new ArrayList<>();
    boolean within = false;
    for (String line : lines()) {
      Matcher matcher = STATEMENT.matcher(line);
      if (matcher.find()) {
        String statement = matcher.group(1);
        if (statement.contains(last)) {
          return found;
        }
        if (within) {
          found.add(statement);
        }
        within |= statement.contains(first);
      }
    }
    return List.of();
  }

  private List<String> lines() {
    try (Stream<Path> files = Files.list(directory.logs())) {
      List<String> lines = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          in.skipNBytes(before.getOrDefault(file, 0L));
          new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).lines().forEach(lines::add);
        }
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void reload() throws IOException {
    String pid = Files.readAllLines(directory.data().resolve("postmaster.pid")).getFirst();
    Shell.ok("kill", "-HUP", pid);
  }

  @Override
  public void close() {
    try {
      Files.writeString(configuration, former);
      reload();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
