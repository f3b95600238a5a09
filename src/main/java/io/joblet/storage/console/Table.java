package io.joblet.storage.console;

import java.util.List;
import java.util.function.Function;

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

  /**
   * One page of things.
   *
   * @param texts of a thing, in the order of the heads
   * @param nextToken of the next page; empty if there is none
   */
  static <T> Table page(
      List<String> heads, List<T> things, Function<T, List<String>> texts, String nextToken) {
    return new Table(
        heads,
        things.stream().map(thing -> row(heads, texts.apply(thing))).toList(),
        nextToken.isEmpty() ? "" : "?page=" + Text.encoded(nextToken));
  }

  /** Of texts, in the order of the heads. */
  private static List<Cell> row(List<String> heads, List<String> texts) {
    return java.util.stream.IntStream.range(0, heads.size())
        .mapToObj(i -> new Cell(heads.get(i), texts.get(i)))
        .toList();
  }
}
