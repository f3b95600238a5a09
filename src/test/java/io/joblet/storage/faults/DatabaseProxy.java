package io.joblet.storage.faults;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Between a daemon and its PostgreSQL. It follows the protocol as far as to know where a batch of
 * messages ends that the server answers as a whole, which the driver sends for each statement or
 * transaction ("Message Formats" of PostgreSQL's manual: Sync, Query, ReadyForQuery), and loses a
 * connection before a batch arrives or before its answer does, with what happens just then, or has
 * batches wait.
 */
final class DatabaseProxy implements AutoCloseable {
  private static final int SSL_REQUEST = 80877103;

  private final ServerSocket server;
  private final int target;
  private final List<Socket> open = new ArrayList<>();
  private Optional<Loss> armed = Optional.empty();
  private Optional<Delay> slow = Optional.empty();
  private int batches;
  private int delayed;

  /** Which side of the server's work the connection is lost on. */
  enum Side {
    BEFORE,
    AFTER
  }

  /**
   * A connection that is to be lost.
   *
   * @param batch the number of the batch from when it was armed, 1 for the next
   * @param blow what happens at that moment
   */
  private record Loss(int batch, Side side, Runnable blow) {}

  /**
   * Batches that arrive later than they could.
   *
   * @param batch the number of the one that does, or 0 for all
   */
  private record Delay(int batch, Duration by) {}

  DatabaseProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /**
   * Counts batches from now on, loses the connection of that one, and makes something else happen
   * at that moment.
   */
  synchronized void arm(int batch, Side side, Runnable blow) {
    batches = 0;
    armed = Optional.of(new Loss(batch, side, blow));
  }

  /** Counts batches from now on, and has that one wait, or all for 0. */
  synchronized void delay(int batch, Duration by) {
    disarm();
    slow = Optional.of(new Delay(batch, by));
  }

  /** How many batches have waited since this was made. */
  synchronized int delayed() {
    return delayed;
  }

  /**
   * Counts batches from now on, and loses or delays nothing.
   *
   * @return whether what was armed before has happened
   */
  synchronized boolean disarm() {
    boolean happened = armed.isEmpty();
    batches = 0;
    armed = Optional.empty();
    slow = Optional.empty();
    return happened;
  }

  /**
   * As {@link #disarm}, once what was armed has happened. Of a call the number of batches differs a
   * little, since others send some too; when it has fewer, one of theirs meets it soon.
   */
  boolean struck(Duration within) throws InterruptedException {
    await(() -> !isArmed(), within);
    return disarm();
  }

  /** The same of a delay: whether more batches have waited than {@code before}. */
  boolean slowed(int before, Duration within) throws InterruptedException {
    await(() -> delayed() > before, within);
    disarm();
    return delayed() > before;
  }

  private static void await(BooleanSupplier happened, Duration within) throws InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    while (!happened.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(10);
    }
  }

  private synchronized boolean isArmed() {
    return armed.isPresent();
  }

  /** How many batches there were since then. */
  synchronized int batches() {
    return batches;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        connect(server.accept());
      } catch (IOException closedOrRefused) {
        // The daemon sees a connection that ends.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    try {
      Socket postgres = new Socket(InetAddress.getLoopbackAddress(), target);
      // Or each message waits for the acknowledgement of the one before, tens of milliseconds.
      client.setTcpNoDelay(true);
      postgres.setTcpNoDelay(true);
      synchronized (open) {
        open.add(client);
        open.add(postgres);
      }
      new Connection(client, postgres).begin();
    } catch (IOException refused) {
      client.close();
      throw refused;
    }
  }

  private Optional<Loss> next() throws InterruptedIOException {
    Duration wait;
    Optional<Loss> loss;
    synchronized (this) {
      loss = counted();
      wait =
          slow.filter(d -> d.batch() == 0 || d.batch() == batches)
              .map(Delay::by)
              .orElse(Duration.ZERO);
      delayed += wait.isZero() ? 0 : 1;
    }
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    return loss;
  }

  private Optional<Loss> counted() {
    batches++;
    Optional<Loss> due = armed.filter(loss -> loss.batch() == batches);
    if (due.isPresent()) {
      armed = Optional.empty();
    }
    return due;
  }

  /** One connection of the daemon's. */
  private final class Connection {
    private final Socket client;
    private final Socket postgres;
    private volatile Optional<Loss> afterTheAnswer = Optional.empty();

    Connection(Socket client, Socket postgres) {
      this.client = client;
      this.postgres = postgres;
    }

    void begin() {
      Thread.ofPlatform().daemon().start(() -> until(this::forward));
      Thread.ofPlatform().daemon().start(() -> until(this::backward));
    }

    private void until(Pump pump) {
      try (client;
          postgres) {
        pump.run();
      } catch (IOException closed) {
        // So is the other side, then.
      }
    }

    private void forward() throws IOException {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(postgres.getOutputStream());
      byte[] first = body(in);
      while (ByteBuffer.wrap(first).getInt() == SSL_REQUEST) {
        client.getOutputStream().write('N');
        first = body(in);
      }
      write(out, first);
      out.flush();
      java.io.ByteArrayOutputStream batch = new java.io.ByteArrayOutputStream();
      while (true) {
        int type = in.read();
        if (type < 0) {
          return;
        }
        byte[] message = body(in);
        batch.write(type);
        write(new DataOutputStream(batch), message);
        if (type == 'S' || type == 'Q') {
          Optional<Loss> loss = next();
          if (loss.filter(l -> l.side() == Side.BEFORE).isPresent()) {
            loss.get().blow().run();
            return;
          }
          afterTheAnswer = loss;
          batch.writeTo(out);
          out.flush();
          batch.reset();
        } else if (type == 'p' || type == 'X' || type == 'H') {
          batch.writeTo(out);
          out.flush();
          batch.reset();
        }
      }
    }

    private void backward() throws IOException {
      DataInputStream in = new DataInputStream(postgres.getInputStream());
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      while (true) {
        int type = in.read();
        if (type < 0) {
          return;
        }
        byte[] message = body(in);
        if (afterTheAnswer.isEmpty()) {
          out.write(type);
          write(out, message);
          if (in.available() == 0) {
            out.flush();
          }
        } else if (type == 'Z') {
          afterTheAnswer.get().blow().run();
          return;
        }
      }
    }
  }

  @FunctionalInterface
  private interface Pump {
    void run() throws IOException;
  }

  /** A message's body; its length, which counts itself, comes first. */
  private static byte[] body(DataInputStream in) throws IOException {
    byte[] body = new byte[in.readInt() - Integer.BYTES];
    in.readFully(body);
    return body;
  }

  private static void write(DataOutputStream out, byte[] body) throws IOException {
    out.writeInt(body.length + Integer.BYTES);
    out.write(body);
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (open) {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }
}
