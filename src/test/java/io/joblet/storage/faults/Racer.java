package io.joblet.storage.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Takes away one after the other of what is in some directories, for a moment each, and leaves a
 * symbolic link to a canary of its likeness in its place, or nothing. One thread of its own.
 */
final class Racer {
  private static final String AWAY = ".race-";
  private static final int DEEPEST = 3;
  private static final int LONGEST_NANOS = 1_000_000;

  /** One in so many is only taken away. */
  private static final int ONLY_AWAY = 5;

  private final List<Path> roots;
  private final Canaries canaries;
  private final Random random;
  private final SortedMap<String, Integer> taken = new TreeMap<>();
  private final Thread thread;
  private volatile boolean stop;
  private RuntimeException failure;
  private int number;

  private Racer(List<Path> roots, Canaries canaries, Random random) {
    this.roots = roots;
    this.canaries = canaries;
    this.random = random;
    this.thread = Thread.ofPlatform().name("racer").unstarted(this::race);
  }

  static Racer start(List<Path> roots, Canaries canaries, Random random) {
    Racer racer = new Racer(roots, canaries, random);
    racer.thread.start();
    return racer;
  }

  /** When it has ended: how often it was which kind of place. */
  SortedMap<String, Integer> taken() {
    return taken;
  }

  private void race() {
    try {
      while (!stop) {
        Path root = roots.get(random.nextInt(roots.size()));
        Path place = below(root, 1);
        if (!place.equals(root)) {
          boolean was = random.nextInt(ONLY_AWAY) == 0 ? remove(place) : exchange(place);
          if (was) {
            taken.merge(kind(root, place), 1, Integer::sum);
          }
        }
      }
    } catch (IOException e) {
      failure = new UncheckedIOException(e);
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private static String kind(Path root, Path place) {
    Path relative = root.relativize(place);
    String first = relative.getName(0).toString();
    String within = first.startsWith(".") ? first : "*";
    return root.getParent().getFileName()
        + "/"
        + root.getFileName()
        + "/"
        + within
        + "/*".repeat(relative.getNameCount() - 1);
  }

  /** Any entry, or any of those in it, and so on. */
  private Path below(Path at, int depth) {
    List<Path> entries;
    try (Stream<Path> all = Files.list(at)) {
      entries = all.filter(e -> !e.getFileName().toString().startsWith(AWAY)).toList();
    } catch (IOException | UncheckedIOException gone) {
      return at;
    }
    if (entries.isEmpty()) {
      return at;
    }
    Path one = entries.get(random.nextInt(entries.size()));
    boolean deeper = depth < DEEPEST && random.nextBoolean();
    return deeper && Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)
        ? below(one, depth + 1)
        : one;
  }

  private boolean remove(Path place) {
    Path away = place.resolveSibling(AWAY + number++);
    if (!Rename.move(place, away)) {
      return false;
    }
    pause();
    // Somebody may have made it anew meanwhile; what was there goes on beside it then.
    Rename.move(away, place);
    return true;
  }

  private boolean exchange(Path place) throws IOException {
    Path link = place.resolveSibling(AWAY + number++);
    Path canary = canaries.like(place);
    try {
      Files.createSymbolicLink(link, canary);
    } catch (IOException gone) {
      return false;
    }
    boolean was = Rename.exchange(place, link);
    if (was) {
      pause();
      if (!Rename.exchange(place, link)) {
        // The daemon has moved or removed the link, as it may.
        Rename.move(link, place);
      }
    }
    if (Files.isSymbolicLink(link)) {
      Files.deleteIfExists(link);
    }
    return was;
  }

  private void pause() {
    LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
  }

  /** Puts back what it has in hand, and ends. */
  void close() throws InterruptedException {
    stop = true;
    thread.join();
    if (failure != null) {
      throw failure;
    }
  }
}
