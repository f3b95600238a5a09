package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However often it is started, one daemon writes. */
class TwoDaemonsIT {
  private static final int RACES = Integer.getInteger("joblet.crash.races", 1);
  private static final long SIZE = 1 << 20;

  private final LongForm form = new LongForm();

  @TempDir Path directory;
  private Installation installation;

  @BeforeEach
  void setUp() throws Exception {
    installation = new Installation(directory);
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void refusesASecondOneAlsoWhenTheRunDirectoryWasRemovedByHand() throws Exception {
    Running first = installation.start();
    for (Path file : List.of(installation.socket(), directory.resolve("run/storage.lock"))) {
      Files.delete(file);
    }
    Files.delete(directory.resolve("run"));

    Running second = installation.launch(List.of());

    assertThat(second.process().waitFor()).isEqualTo(1);
    assertThat(installation.output()).contains("joblet-storage: start PostgreSQL");
    assertThat(first.process().isAlive()).isTrue();
    try (Rows rows = Rows.of(installation)) {
      assertThat(rows.query("select * from node")).hasSize(1);
    }
  }

  @Test
  void refusesASecondOneWhileTheFirstIsStopped() throws Exception {
    Running first = installation.start();
    Shell.run("kill", "-STOP", Long.toString(first.pid()));
    try {
      Running second = installation.launch(List.of());
      assertThat(second.process().waitFor()).isEqualTo(1);
    } finally {
      Shell.run("kill", "-CONT", Long.toString(first.pid()));
    }
    first.client().create(Kind.BTRFS, "goes-on", SIZE);
    assertThat(installation.output()).contains("another daemon answers on");
  }

  @Test
  void leavesOneOfTwoThatStartAtOnce() throws Exception {
    Proof proof = new Proof("two daemons started at once");
    // With its tables there, so that it can be seen who changes rows.
    Running first = installation.start();
    Writers.watch(installation);
    AtomicReference<String> before = new AtomicReference<>(Writers.holder(installation));
    first.kill();
    for (int race = 0; race < RACES && form.hasTime(); race++) {
      String name = "race" + race;
      Running one = installation.launch(List.of());
      Running other = installation.launch(List.of());
      CompletableFuture.anyOf(one.process().onExit(), other.process().onExit()).join();
      Running winner = one.process().isAlive() ? one : other;
      Running loser = winner == one ? other : one;
      proof.checked(
          "one installation",
          name,
          () -> {
            assertThat(loser.process().waitFor()).as("exit of the loser").isEqualTo(1);
            assertThat(installation.comesUp(winner)).as("the winner serves").isTrue();
            winner.client().create(Kind.BTRFS, name, SIZE);
            assertThat(new Inspector(installation).problems()).isEmpty();
            // The one before may have changed some after it was asked about, until it was killed.
            String former = before.getAndSet(Writers.holder(installation));
            assertThat(Writers.since(installation))
                .as("who changed rows, beside %s", former)
                .filteredOn(writer -> !writer.equals(former))
                .containsExactly(before.get());
          });
      winner.kill();
      loser.kill();
    }
    proof.conclude();
  }

  @Test
  void changesNothingAfterAnotherHasTakenItsNodeOver() throws Exception {
    Running fenced = installation.start();
    fenced.client().create(Kind.BTRFS, "before", SIZE);
    List<String> rowsBefore;
    try (Rows rows = Rows.of(installation)) {
      rows.update("update node set incarnation = '" + UUID.randomUUID() + "'");
      rowsBefore = rows.query("select * from volume").stream().map(Object::toString).toList();
    }
    assertThatThrownBy(() -> fenced.client().create(Kind.BTRFS, "after", SIZE))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              assertThat(e.getMessage()).contains("another daemon has taken over");
            });
    assertThatThrownBy(() -> fenced.client().delete("before", true))
        .isInstanceOf(StatusRuntimeException.class);
    assertThatThrownBy(() -> fenced.client().attach("before", "job"))
        .isInstanceOf(StatusRuntimeException.class);
    try (Rows rows = Rows.of(installation)) {
      assertThat(rows.query("select * from volume").stream().map(Object::toString).toList())
          .isEqualTo(rowsBefore);
    }
    assertThat(new Inspector(installation).problems()).isEmpty();
  }
}
