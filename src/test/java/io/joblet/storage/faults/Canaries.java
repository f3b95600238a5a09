package io.joblet.storage.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Files and directories that nobody may touch, each made in the likeness of one of the daemon's, so
 * that whoever is led to it finds the names that he looks for. Each is remembered as it was made:
 * content, mode, owner, times, and what is mounted on it. For one thread.
 */
public final class Canaries {
  private static final String SECRET = "nobody may touch this\n";
  private static final String ATTRIBUTES =
      "unix:dev,ino,mode,nlink,uid,gid,size,lastModifiedTime,ctime";

  private static final int MOST_CHILDREN = 16;

  /** Older ones are compared and taken away before the end, so that a long run fits on a disk. */
  private static final int KEPT = 2000;

  private final Path top;
  private final Deque<Twin> twins = new ArrayDeque<>();
  private final List<String> touched = new ArrayList<>();
  private int made;

  private record Twin(Path likeness, Path original, SortedMap<Path, String> asMade) {}

  Canaries(Path top) {
    this.top = top;
  }

  /** A new one in the likeness of that, with what is in it. */
  Path like(Path original) throws IOException {
    while (twins.size() >= KEPT) {
      compare(twins.removeFirst());
    }
    Path likeness = top.resolve(Integer.toString(made++));
    if (Files.isDirectory(original, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(likeness);
      for (Path child : children(original)) {
        Path same = likeness.resolve(child.getFileName().toString());
        if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectory(same);
          Files.writeString(same.resolve("secret"), SECRET);
        } else {
          Files.writeString(same, SECRET);
        }
      }
      Files.writeString(likeness.resolve("secret"), SECRET);
    } else {
      Files.writeString(likeness, SECRET);
    }
    twins.addLast(new Twin(likeness, original, look(likeness)));
    return likeness;
  }

  private static List<Path> children(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.limit(MOST_CHILDREN).toList();
    } catch (IOException gone) {
      return List.of();
    }
  }

  /** What differs from how it was made, of all of them. */
  List<String> touched() throws IOException {
    while (!twins.isEmpty()) {
      compare(twins.removeFirst());
    }
    return List.copyOf(touched);
  }

  private void compare(Twin twin) throws IOException {
    SortedMap<Path, String> now = look(twin.likeness());
    if (!now.equals(twin.asMade())) {
      touched.add("led out of " + twin.original() + ": " + twin.asMade() + " became " + now);
    } else {
      remove(twin.likeness());
    }
  }

  /**
   * Everything from there on, by its place: content and attributes. The time of the last change
   * says that of attributes too, and nobody can set it, inode(7).
   */
  public static SortedMap<Path, String> look(Path at) throws IOException {
    SortedMap<Path, String> seen = new TreeMap<>();
    if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
      return seen;
    }
    try (Stream<Path> all = Files.walk(at)) {
      for (Path one : all.toList()) {
        Map<String, Object> attributes =
            new TreeMap<>(Files.readAttributes(one, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
        boolean file = Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS);
        int content = file ? Arrays.hashCode(Files.readAllBytes(one)) : 0;
        seen.put(at.relativize(one), attributes + " " + content);
      }
    }
    return seen;
  }

  private static void remove(Path likeness) throws IOException {
    try (Stream<Path> all = Files.walk(likeness)) {
      for (Path one : all.toList().reversed()) {
        Files.delete(one);
      }
    }
  }
}
