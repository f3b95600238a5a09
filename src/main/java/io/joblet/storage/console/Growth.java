package io.joblet.storage.console;

import java.util.List;

/**
 * How everything developed.
 *
 * @param ofAll whether it can be asked for any owner
 * @param owner whose; empty for all that are seen
 */
public record Growth(
    boolean ofAll, String owner, List<Plot> plots, List<Period.Choice> periods, Table table) {}
