package io.joblet.storage.console;

import io.joblet.storage.grpc.OnBehalf;
import io.joblet.storage.rest.HttpProblem;

/**
 * Why something was not done, as a sentence in a page.
 *
 * @param status of HTTP
 */
record Refusal(int status, String sentence) {
  static final Refusal FORGED =
      new Refusal(
          403, "No page of this console sent that, or one of an earlier login. Nothing was done.");

  /** As gRPC and REST say it. */
  static Refusal of(RuntimeException failure) {
    HttpProblem problem = HttpProblem.of(OnBehalf.refusal(failure), false);
    return new Refusal(problem.status(), problem.title() + ": " + problem.detail());
  }

  Reply page(Frame frame) {
    return Reply.page(status, Templates.problem(frame, sentence));
  }
}
