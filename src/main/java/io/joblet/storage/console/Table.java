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
   * @param link where the text leads; empty if it does not
   */
  public record Cell(String head, String text, String link) {}

  /**
   * One page of things.
   *
   * @param texts of a thing, in the order of the heads
   * @param nextToken of the next page; empty if there is none
   */
  static <T> Table page(
      List<String> heads, List<T> things, Function<T, List<String>> texts, String nextToken) {
    return page(heads, things, texts, thing -> "", nextToken);
  }

  /**
   * As the other one, of things that have pages.
   *
   * @param link of a thing, in its first cell
   */
  static <T> Table page(
      List<String> heads,
      List<T> things,
      Function<T, List<String>> texts,
      Function<T, String> link,
      String nextToken) {
    return new Table(
        heads,
        things.stream().map(thing -> row(heads, texts.apply(thing), link.apply(thing))).toList(),
        nextToken.isEmpty() ? "" : "?page=" + Text.encoded(nextToken));
  }

  /** The same, whose next page is asked for with more in its query. */
  Table keeping(String query) {
    return new Table(heads, rows, more.isEmpty() ? "" : more + query);
  }

  /** Of texts, in the order of the heads. */
  private static List<Cell> row(List<String> heads, List<String> texts, String link) {
    return java.util.stream.IntStream.range(0, heads.size())
        .mapToObj(i -> new Cell(heads.get(i), texts.get(i), i == 0 ? link : ""))
        .toList();
  }
}
