package io.joblet.storage.broken.grpc;

import picocli.CommandLine;

/** Breaks: picocli only in cli. */
public final class ParsesArguments {
  CommandLine commandLine;
}
