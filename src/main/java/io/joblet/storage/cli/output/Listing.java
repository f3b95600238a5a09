package io.joblet.storage.cli.output;

import io.joblet.storage.cli.shell.Surroundings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints a list page by page, each as it comes. A list that breaks off because a later page failed
 * has no end in JSON, so that no program takes it for a whole one; the exit status says so in every
 * format.
 */
public final class Listing<T> {
  private final Surroundings surroundings;
  private final Format format;
  private final View<T> view;
  private final Table table;
  private long printed;

  Listing(Surroundings surroundings, Format format, View<T> view) {
    this.surroundings = surroundings;
    this.format = format;
    this.view = view;
    this.table = new Table(view.columns().size());
  }

  /** Prints a page at once. */
  public void add(List<T> page) throws IOException {
    switch (format) {
      case TABLE -> surroundings.out().write(page.isEmpty() ? "" : rows(page));
      case JSON -> surroundings.out().write(items(page));
      case YAML -> {
        if (!page.isEmpty()) {
          surroundings.out().write(Yaml.of(page.stream().map(view.document()).toList()));
        }
      }
    }
    printed += page.size();
    surroundings.out().flush();
  }

  /** Ends the list; says so when it is empty. */
  public void end() throws IOException {
    switch (format) {
      case TABLE -> {
        if (printed == 0) {
          surroundings.out().write(rows(List.of()));
          surroundings.out().flush();
          surroundings.note(view.none());
        }
      }
      case JSON -> surroundings.out().write(printed == 0 ? "[]\n" : "\n]\n");
      case YAML -> surroundings.out().write(printed == 0 ? "[]\n" : "");
    }
    surroundings.out().flush();
  }

  private String rows(List<T> page) {
    List<List<String>> rows = new ArrayList<>(page.size() + 1);
    if (printed == 0) {
      rows.add(view.titles());
    }
    page.forEach(item -> rows.add(view.row(item)));
    return table.lines(rows);
  }

  private String items(List<T> page) {
    StringBuilder out = new StringBuilder();
    long index = printed;
    for (T item : page) {
      out.append(index++ == 0 ? "[\n  " : ",\n  ");
      Json.append(out, view.document().apply(item), 1);
    }
    return out.toString();
  }
}
