package io.joblet.storage.service;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged as an error, or with a stack trace, until it is closed. */
final class Faults extends Handler implements AutoCloseable {
  private final Logger root = Logger.getLogger("");
  final List<String> lines = new CopyOnWriteArrayList<>();

  Faults() {
    root.addHandler(this);
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() >= Level.SEVERE.intValue() || line.getThrown() != null) {
      lines.add(line.getLoggerName() + ": " + line.getMessage() + ": " + line.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    root.removeHandler(this);
  }
}
