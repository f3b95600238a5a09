package io.joblet.storage.console;

import java.util.List;
import java.util.Map;

/**
 * What is asked before something is changed.
 *
 * @param sentence what would be done
 * @param facts what it would be done to
 * @param action path of the form
 * @param fields what the form sends again
 * @param verb on the button
 * @param back where to go if not
 * @param danger whether something is taken away
 */
public record Question(
    String sentence,
    List<Fact> facts,
    String action,
    Map<String, String> fields,
    String verb,
    String back,
    boolean danger) {}
