package io.joblet.storage.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.joblet.storage.host.HostOperation.MakeDirectory;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostTransactionTest {
  private final FakeHost host = new FakeHost();
  private final HostTransaction transaction = new HostTransaction(host);
  private final HostPlan plan = HostPlan.of(step("a"), step("b"), step("c"), step("d"));

  @Test
  void appliesInOrder() {
    transaction.apply(plan);

    assertThat(host.done).containsExactly("apply a", "apply b", "apply c", "apply d");
    assertThat(outcomes()).containsOnly(StepRecord.Outcome.APPLIED).hasSize(4);
  }

  @Test
  void undoesInReverseWhatBeganTheFailedStepIncluded() {
    host.refuses.add("apply c");

    HostException failure = refusal();

    assertThat(host.done)
        .containsExactly("apply a", "apply b", "apply c", "undo c", "undo b", "undo a");
    assertThat(failure).hasMessage("apply c: refused").hasNoSuppressedExceptions();
    assertThat(outcomes())
        .containsExactly(
            StepRecord.Outcome.APPLIED,
            StepRecord.Outcome.APPLIED,
            StepRecord.Outcome.FAILED,
            StepRecord.Outcome.UNDONE,
            StepRecord.Outcome.UNDONE,
            StepRecord.Outcome.UNDONE);
  }

  @Test
  void undoesNothingOfAStepThatMetAnObstacle() {
    host.obstacles.add("apply c");

    HostException failure = refusal();

    assertThat(host.done).containsExactly("apply a", "apply b", "apply c", "undo b", "undo a");
    assertThat(failure).isInstanceOf(ObstacleException.class).hasNoSuppressedExceptions();
  }

  @Test
  void stopsAtAnUndoThatFailsAndSaysSo() {
    host.refuses.addAll(List.of("apply c", "undo b"));

    HostException failure = refusal();

    assertThat(host.done).endsWith("undo c", "undo b").doesNotContain("undo a");
    assertThat(failure).hasMessage("apply c: refused");
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0]).hasMessage("undo b: refused");
    assertThat(outcomes()).endsWith(StepRecord.Outcome.UNDO_FAILED);
  }

  @Test
  void undoesAWholePlanLastFirstUntilAStepIsBusy() {
    host.refuses.add("undo b");

    HostException failure = catchThrowableOfType(HostException.class, () -> transaction.undo(plan));

    assertThat(host.done).containsExactly("undo d", "undo c", "undo b");
    assertThat(failure).hasMessage("undo b: refused");
  }

  @Test
  void takesAMistakeInAStepForAFailureToo() {
    host.refuses.add("apply b badly");

    HostException failure = refusal();

    assertThat(failure).hasMessageContaining("make-directory failed: a mistake in apply b");
    assertThat(host.done).endsWith("undo b", "undo a");
  }

  @Test
  void doesNothingForAnEmptyPlan() {
    transaction.apply(HostPlan.empty());

    assertThat(host.done).isEmpty();
    assertThat(transaction.trace()).isEmpty();
  }

  private HostException refusal() {
    return catchThrowableOfType(HostException.class, () -> transaction.apply(plan));
  }

  private List<StepRecord.Outcome> outcomes() {
    return transaction.trace().stream().map(StepRecord::outcome).toList();
  }

  private static HostOperation step(String name) {
    return new MakeDirectory(ManagedPath.of(ManagedRoot.JOBS, name), 0700);
  }
}
