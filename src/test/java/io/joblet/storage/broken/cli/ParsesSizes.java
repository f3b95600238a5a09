package io.joblet.storage.broken.cli;

import io.joblet.storage.broken.config.Size;
import io.joblet.storage.broken.v1.Message;
import picocli.CommandLine;

/** Breaks nothing: what cli is made of. */
public final class ParsesSizes {
  Size size;
  Message message;
  CommandLine commandLine;

  void print() {
    System.out.println(size);
  }
}
