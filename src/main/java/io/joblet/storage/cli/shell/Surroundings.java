package io.joblet.storage.cli.shell;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a run of {@code rnx} sees of the process around it, so that a test can run it in its own.
 *
 * @param out where results go; buffered, and unlike a PrintStream it reports a write that failed
 * @param err where errors, hints and notes for people go
 * @param clock what ages are relative to
 */
public record Surroundings(
    Map<String, String> environment, Writer out, PrintWriter err, InstantSource clock) {

  /** Those of this process. Output is UTF-8 whatever the locale says. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(),
        new BufferedWriter(
            new OutputStreamWriter(
                new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8)),
        new PrintWriter(
            new OutputStreamWriter(
                new FileOutputStream(FileDescriptor.err), StandardCharsets.UTF_8),
            true),
        InstantSource.system());
  }

  /** Whether {@code RNX_DEBUG=1} asks for stack traces. */
  public boolean debugging() {
    return "1".equals(environment.get("RNX_DEBUG"));
  }

  /** One line on stderr that is neither a result nor an error. */
  public void note(String line) {
    err.println(line);
  }
}
