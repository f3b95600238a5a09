package io.joblet.storage.cli.output;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How things of one kind are listed.
 *
 * @param document the tree for programs, its keys in a fixed order, absent values null
 * @param columns the table for people
 * @param none the note for people when there are none
 */
public record View<T>(
    Function<T, Map<String, Object>> document, List<Column<T>> columns, String none) {

  List<String> titles() {
    return columns.stream().map(Column::title).toList();
  }

  List<String> row(T item) {
    return columns.stream().map(column -> column.cell().apply(item)).toList();
  }
}
