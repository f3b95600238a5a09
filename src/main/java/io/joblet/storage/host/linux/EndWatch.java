package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.ProcessIdentity;
import java.util.HashMap;
import java.util.Map;

/**
 * Waits for the end of many processes on one thread, by epoll(7) on their descriptors. Each end is
 * told once, on a virtual thread of its own, and the remains of our children are taken away.
 */
final class EndWatch implements AutoCloseable {
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLLIN = 1;
  private static final int EPOLLONESHOT = 1 << 30;
  private static final int MOST = 64;

  /** Wakes up this often to see whether it should stop. */
  private static final int PAUSE_MILLIS = 500;

  /** struct epoll_event is packed on x86-64 only. */
  private static final int EVENT_SIZE = System.getProperty("os.arch").equals("amd64") ? 12 : 16;

  private static final int DATA = EVENT_SIZE - 8;

  private record Watched(PidDescriptor process, Runnable ended) {}

  private final Processes processes;
  private final Descriptor epoll =
      new Descriptor(
          (int) Syscalls.check("epoll_create1", () -> Libc.epoll_create1(EPOLL_CLOEXEC)));
  private final Map<Long, Watched> watched = new HashMap<>();
  private final Thread thread = Thread.ofPlatform().name("job-ends").daemon().unstarted(this::run);
  private long next;
  private volatile boolean closed;

  EndWatch(Processes processes) {
    this.processes = processes;
    thread.start();
  }

  /** Calls at once, on another thread, for a process that is gone already. */
  void add(ProcessIdentity identity, Runnable ended) {
    var process = PidDescriptor.open(identity, processes);
    if (process.isEmpty()) {
      Thread.ofVirtual().name("job-end").start(ended);
      return;
    }
    long key;
    synchronized (watched) {
      key = next++;
      watched.put(key, new Watched(process.get(), ended));
    }
    byte[] event = new byte[EVENT_SIZE];
    Struct.of(event).putInt(0, EPOLLIN | EPOLLONESHOT).putLong(DATA, key);
    try {
      Syscalls.check(
          "epoll_ctl", () -> Libc.epoll_ctl(epoll.fd(), EPOLL_CTL_ADD, process.get().fd(), event));
    } catch (KernelRefusal e) {
      synchronized (watched) {
        watched.remove(key);
      }
      process.get().close();
      throw e;
    }
  }

  private void run() {
    byte[] events = new byte[EVENT_SIZE * MOST];
    Struct list = Struct.of(events);
    while (!closed) {
      int count =
          (int)
              Syscalls.retrying(
                  "epoll_wait", () -> Libc.epoll_wait(epoll.fd(), events, MOST, PAUSE_MILLIS));
      for (int i = 0; i < count; i++) {
        end(list.getLong(i * EVENT_SIZE + DATA));
      }
    }
  }

  private void end(long key) {
    Watched one;
    synchronized (watched) {
      one = watched.remove(key);
    }
    if (one != null) {
      try (PidDescriptor process = one.process()) {
        process.reap();
      } catch (KernelRefusal remainsStay) {
        // That it has ended is what counts, and all others are waited for here too.
      }
      Thread.ofVirtual().name("job-end").start(one.ended());
    }
  }

  /** Nobody is told of what ends after this; the processes go on. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (watched) {
      watched.values().forEach(w -> w.process().close());
      watched.clear();
    }
    epoll.close();
  }
}
