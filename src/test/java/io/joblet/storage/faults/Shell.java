package io.joblet.storage.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;

/** Runs a program to its end. */
final class Shell {
  private Shell() {}

  /**
   * What a program said and how it ended.
   *
   * @param output standard output and error, in one
   */
  record Result(int status, String output) {}

  /** Fails unless the program ends with 0. */
  static String run(String... command) throws IOException, InterruptedException {
    Result result = attempt(command);
    if (result.status() != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + result.status() + ": " + result.output());
    }
    return result.output();
  }

  static Result attempt(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), output);
  }
}
