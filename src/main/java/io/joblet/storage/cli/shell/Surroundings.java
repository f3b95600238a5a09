package io.joblet.storage.cli.shell;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a run of {@code rnx} sees of the process around it, so that a test can run it in its own.
 */
public final class Surroundings {
  private final Map<String, String> environment;
  private final OutputStream stdout;
  private final OutputStream stderr;
  private final InstantSource clock;
  private final Writer out;
  private final PrintWriter err;

  /**
   * Text on both streams is UTF-8 whatever the locale says.
   *
   * @param stdout written to without a buffer in between where bytes are passed on as they come
   * @param stderr likewise
   */
  public Surroundings(
      Map<String, String> environment,
      OutputStream stdout,
      OutputStream stderr,
      InstantSource clock) {
    this.environment = environment;
    this.stdout = stdout;
    this.stderr = stderr;
    this.clock = clock;
    this.out = new BufferedWriter(new OutputStreamWriter(stdout, StandardCharsets.UTF_8));
    this.err = new PrintWriter(new OutputStreamWriter(stderr, StandardCharsets.UTF_8), true);
  }

  /** Those of this process. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        InstantSource.system());
  }

  /** The variables of the environment. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Where results go; buffered, and unlike a PrintStream it reports a write that failed. */
  public Writer out() {
    return out;
  }

  /** Where errors, hints and notes for people go. */
  public PrintWriter err() {
    return err;
  }

  /** Standard output for bytes that are not ours. Not to be mixed with {@link #out}. */
  public OutputStream stdout() {
    return stdout;
  }

  /** Standard error for bytes that are not ours; lines of {@link #note} may come in between. */
  public OutputStream stderr() {
    return stderr;
  }

  /** What ages are relative to. */
  public InstantSource clock() {
    return clock;
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
