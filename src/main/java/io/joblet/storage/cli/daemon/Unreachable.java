package io.joblet.storage.cli.daemon;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** Nobody answers at the socket: nothing was sent. */
final class Unreachable extends IOException {
  private static final long serialVersionUID = 1;

  private final transient List<String> lines;

  Unreachable(Path path, IOException cause) {
    super("cannot connect to " + path + ": " + cause.getMessage(), cause);
    this.lines = explain(path, cause);
  }

  /** What is wrong, then what to do about it. */
  List<String> lines() {
    return lines;
  }

  /** The one behind a failed call, or null. */
  static Unreachable behind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Unreachable unreachable) {
        return unreachable;
      }
    }
    return null;
  }

  private static List<String> explain(Path path, IOException cause) {
    String start = "start it with: systemctl start joblet-storage (or ./run in its source tree)";
    if (cause instanceof ConnectException) {
      return List.of("the daemon is not running; nobody listens on " + path, start);
    }
    try {
      Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException absent) {
      return List.of(
          "the daemon is not running; there is no socket " + path,
          start,
          "it listens elsewhere? --socket PATH or RNX_SOCKET says where");
    } catch (AccessDeniedException denied) {
      return denied(path);
    } catch (IOException unknown) {
      return List.of("cannot connect to " + path + ": " + unknown.getMessage());
    }
    return Files.isWritable(path)
        ? List.of("cannot connect to " + path + ": " + cause.getMessage())
        : denied(path);
  }

  private static List<String> denied(Path path) {
    return List.of(
        "no permission to use " + path,
        "the socket is root's alone, and this is user "
            + System.getProperty("user.name")
            + "; try again with sudo");
  }
}
