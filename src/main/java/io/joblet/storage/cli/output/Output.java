package io.joblet.storage.cli.output;

import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.shell.Visible;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** {@code --format}, and printing in it. Mixed into every command that prints things. */
public final class Output {
  private final Surroundings surroundings;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  Format format = Format.TABLE;

  Output(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Prints one thing: its tree for programs, or lines for people, each ended by a line break. */
  public void print(Supplier<Map<String, Object>> document, Supplier<String> people)
      throws IOException {
    String text =
        switch (format) {
          case TABLE -> people.get();
          case JSON -> Json.of(document.get()) + "\n";
          case YAML -> Yaml.of(document.get());
        };
    surroundings.out().write(text);
    surroundings.out().flush();
  }

  /** Prints a line for people, controls made visible. */
  public void line(String text) throws IOException {
    surroundings.out().write(Visible.text(text) + "\n");
    surroundings.out().flush();
  }

  /** Begins a list that is printed page by page. */
  public <T> Listing<T> list(View<T> view) {
    return new Listing<>(surroundings, format, view);
  }

  /** Begins a list without an end, of which each item is printed as it comes. */
  public <T> Lines<T> lines(View<T> view) {
    return new Lines<>(surroundings, format, view);
  }

  /** Prints a list that is there as a whole. */
  public <T> void list(View<T> view, List<T> items) throws IOException {
    Listing<T> listing = list(view);
    listing.add(items);
    listing.end();
  }

  /** Whether people read it, so that a hint on stderr helps. */
  public boolean forPeople() {
    return format == Format.TABLE;
  }

  /** What ages are relative to. */
  public Instant now() {
    return surroundings.clock().instant();
  }
}
