package io.joblet.storage.console;

import java.util.List;

/**
 * Rows of text.
 *
 * @param more path of the next page; empty if there is none
 */
public record Table(List<String> heads, List<List<Cell>> rows, String more) {
  /**
   * A cell.
   *
   * @param head what the column is called, for narrow windows, where cells stand below each other
   */
  public record Cell(String head, String text) {}

  /** Of texts, in the order of the heads. */
  static List<Cell> row(List<String> heads, List<String> texts) {
    return java.util.stream.IntStream.range(0, heads.size())
        .mapToObj(i -> new Cell(heads.get(i), texts.get(i)))
        .toList();
  }
}
