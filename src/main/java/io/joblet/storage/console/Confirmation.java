package io.joblet.storage.console;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The page between wanting a change and having it. It carries the request's id, so that a form that
 * is sent twice does its deed once.
 */
final class Confirmation {
  private static final String GIVEN = "confirmed";

  private Confirmation() {}

  static boolean given(Visit visit) {
    return visit.field(GIVEN).equals("yes");
  }

  static String id(Visit visit) {
    return visit.field("request_id");
  }

  static Reply ask(Visit visit, String section, String title, Question question) {
    Map<String, String> fields = new HashMap<>(question.fields());
    fields.put(GIVEN, "yes");
    fields.put("request_id", UUID.randomUUID().toString());
    return Reply.page(
        Templates.confirm(
            visit.frame(title, section),
            new Question(
                question.sentence(),
                question.facts(),
                question.action(),
                fields,
                question.verb(),
                question.back(),
                question.danger())));
  }
}
