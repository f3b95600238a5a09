package io.joblet.storage.cli.output;

import io.joblet.storage.cli.shell.Visible;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows in columns as wide as their widest cell so far, two spaces apart. Rows come in pages: widths
 * only grow, so that the first page need not wait for the last.
 */
final class Table {
  private final int[] widths;

  Table(int columns) {
    this.widths = new int[columns];
  }

  /** The rows as lines, each with a line break. An empty cell shows as a dash. */
  String lines(List<List<String>> rows) {
    List<List<String>> visible = new ArrayList<>(rows.size());
    for (List<String> row : rows) {
      List<String> cells = row.stream().map(Table::cell).toList();
      visible.add(cells);
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(cells.get(i)));
      }
    }
    StringBuilder out = new StringBuilder();
    visible.forEach(cells -> append(out, cells));
    return out.toString();
  }

  private void append(StringBuilder out, List<String> cells) {
    for (int i = 0; i < widths.length - 1; i++) {
      out.append(cells.get(i)).append(" ".repeat(widths[i] - length(cells.get(i)) + 2));
    }
    out.append(cells.getLast()).append('\n');
  }

  private static String cell(String text) {
    return text.isEmpty() ? "-" : Visible.text(text);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
