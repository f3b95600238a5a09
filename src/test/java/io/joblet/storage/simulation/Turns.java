package io.joblet.storage.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * Runs the clients of a round one at a time: who goes on is drawn at each point where one may be
 * interrupted, and nothing else decides it, so that a seed gives the same interleaving every time.
 * A client that waits for a lock says so and is passed over until one has been released.
 */
final class Turns {
  private final Executor threads;
  private final List<Client> clients = new ArrayList<>();
  private final Semaphore over = new Semaphore(0);
  private SplittableRandom random = new SplittableRandom(0);
  private Client current;

  Turns(Executor threads) {
    this.threads = threads;
  }

  private static final class Client {
    private final Semaphore turn = new Semaphore(0);
    private boolean done;
    private boolean waits;
  }

  /** Everybody waits for somebody else. */
  static final class Deadlock extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Deadlock() {
      super("every client waits for a lock that another one holds");
    }
  }

  /** Returns when all have ended; none of them may throw. */
  void run(List<Runnable> work, SplittableRandom order) {
    clients.clear();
    current = null;
    if (work.size() == 1) {
      work.getFirst().run();
      return;
    }
    random = order;
    for (Runnable one : work) {
      Client client = new Client();
      clients.add(client);
      threads.execute(() -> {
        client.turn.acquireUninterruptibly();
        one.run();
        client.done = true;
        passOn();
      });
    }
    passOn();
    over.acquireUninterruptibly();
    clients.clear();
    current = null;
  }

  /** Somebody else may go on here. */
  void turn() {
    if (current == null) {
      return;
    }
    Client self = current;
    Client next = draw();
    if (next != self) {
      hand(next);
      self.turn.acquireUninterruptibly();
    }
  }

  /** The caller cannot go on before {@link #released}, and has to look again then. */
  void await() {
    if (current == null) {
      throw new Deadlock();
    }
    Client self = current;
    self.waits = true;
    Client next = draw();
    if (next == null) {
      self.waits = false;
      throw new Deadlock();
    }
    hand(next);
    self.turn.acquireUninterruptibly();
  }

  void released() {
    clients.forEach(c -> c.waits = false);
  }

  private void passOn() {
    Client next = draw();
    if (next != null) {
      hand(next);
    } else {
      over.release();
    }
  }

  private void hand(Client next) {
    current = next;
    next.turn.release();
  }

  private Client draw() {
    List<Client> ready = clients.stream().filter(c -> !c.done && !c.waits).toList();
    return ready.isEmpty() ? null : ready.get(random.nextInt(ready.size()));
  }
}
