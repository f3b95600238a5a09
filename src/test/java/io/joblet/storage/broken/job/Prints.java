package io.joblet.storage.broken.job;

/** Breaks: standard streams only in main and cli. */
public final class Prints {
  void print() {
    System.out.println("lost in the journal");
  }
}
