package io.joblet.storage.faults;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Has the tests of a class that are one try each in the {@link Proof}, by their names. */
final class EachTestIsATry implements TestWatcher, AfterAllCallback {
  private final Proof proof;

  EachTestIsATry(String part) {
    proof = new Proof(part);
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    proof.tried(name(context), true, List.of());
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    proof.tried(name(context), true, List.of(cause.toString()));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    proof.write();
  }

  /** As words. */
  private static String name(ExtensionContext context) {
    return context
        .getRequiredTestMethod()
        .getName()
        .replaceAll("(?=[A-Z])", " ")
        .toLowerCase(java.util.Locale.ROOT);
  }
}
