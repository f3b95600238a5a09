package io.joblet.storage.cli.output;

import io.joblet.storage.cli.shell.Surroundings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints things as they come: a row of a table, one line of JSON, or a document of YAML for each.
 */
public final class Lines<T> {
  private final Surroundings surroundings;
  private final Format format;
  private final View<T> view;
  private final Table table;
  private boolean begun;

  Lines(Surroundings surroundings, Format format, View<T> view) {
    this.surroundings = surroundings;
    this.format = format;
    this.view = view;
    this.table = new Table(view.columns().size());
  }

  /** Prints one. */
  public void add(T item) throws IOException {
    surroundings
        .out()
        .write(
            switch (format) {
              case TABLE -> table.lines(rows(item));
              case JSON -> Json.line(view.document().apply(item)) + "\n";
              case YAML -> "---\n" + Yaml.of(view.document().apply(item));
            });
    begun = true;
    surroundings.out().flush();
  }

  private List<List<String>> rows(T item) {
    List<List<String>> rows = new ArrayList<>();
    if (!begun) {
      rows.add(view.titles());
    }
    rows.add(view.row(item));
    return rows;
  }
}
