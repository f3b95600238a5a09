package io.joblet.storage.cli.output;

import java.util.function.Function;

/** A column of a table: its title and what an item shows in it. */
public record Column<T>(String title, Function<T, String> cell) {}
