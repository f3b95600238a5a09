package io.joblet.storage.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the server writes its logs, and one of another uid may have before. */
record LogDirectory(Path path) {

  /** The files before their directory, so that a kill in between leaves what the next call sees. */
  void prepare(int uid) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      give(Durable.owner(path), uid);
    }
    Durable.directory(path, "rwx------", uid);
  }

  /** Of the former server's files alone: it could have linked those of others there. */
  private void give(int former, int uid) throws IOException {
    if (former == uid) {
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Durable.owner(file) == former) {
          Durable.own(file, uid);
        }
      }
    }
  }
}
