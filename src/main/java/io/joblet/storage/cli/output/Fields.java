package io.joblet.storage.cli.output;

import io.joblet.storage.cli.shell.Visible;
import java.util.ArrayList;
import java.util.List;

/** One thing for people: a name and a value on each line, values aligned. */
public final class Fields {
  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  /** Adds a line; an empty value leaves it out. */
  public Fields add(String name, String value) {
    if (!value.isEmpty()) {
      names.add(name + ":");
      values.add(Visible.text(value));
    }
    return this;
  }

  /** The lines, each with a line break. */
  public String lines() {
    int width = names.stream().mapToInt(String::length).max().orElse(0) + 2;
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      out.append(name).append(" ".repeat(width - name.length())).append(values.get(i)).append('\n');
    }
    return out.toString();
  }
}
