package io.joblet.storage.grpc;

import io.joblet.storage.problem.Problem;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Whether streams may go on. A caller may be known no longer, since its token or certificate was
 * revoked or has expired; and a daemon that stops waits for whatever is still being answered, which
 * a stream is for as long as somebody reads.
 */
@ApplicationScoped
class Streaming {
  private static final Logger LOG = Logger.getLogger(Streaming.class);

  /** A token costs a question to the database. */
  private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private volatile boolean stopping;

  /** Comes before requests are waited for, other than the event of the shutdown itself. */
  void stop(@Observes ShutdownDelayInitiatedEvent event) {
    stopping = true;
  }

  /** The current call's; asked for on the thread of its method. */
  Leave ofCurrentCall() {
    return new Leave(AccessControl.known());
  }

  /** Leave of one stream to go on; for one thread. */
  final class Leave {
    private final Runnable known;
    private long looked = System.nanoTime();

    private Leave(Runnable known) {
      this.known = known;
    }

    /**
     * To be called between any two messages.
     *
     * @throws Problem.Unauthenticated within seconds of when its caller is known no longer
     * @throws Problem.Unavailable when the daemon stops
     */
    void check() {
      if (stopping) {
        throw new Problem.Unavailable("the daemon is stopping", RETRY_AFTER, null);
      }
      long now = System.nanoTime();
      if (now - looked > LOOK_NANOS) {
        looked = now;
        look();
      }
    }

    private void look() {
      try {
        known.run();
      } catch (Problem.Unavailable away) {
        // Without a database nobody can revoke anything either; the next look finds out.
        LOG.debugf("a stream goes on unchecked: %s", away.getMessage());
      }
    }

    /** Whether there is no more use in waiting for a reader. */
    boolean isOver() {
      return stopping;
    }
  }
}
