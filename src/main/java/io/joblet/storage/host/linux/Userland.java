package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Programs and libraries for jobs, taken from a directory of the host: its symlinks are made again
 * (since the merge of {@code /bin} into {@code /usr} most of them are), its directories are shown
 * read-only, one mount each.
 *
 * @param names what is taken from the top of the directory
 */
record Userland(Path top, Set<String> names) {
  private static final long READ_ONLY =
      MountCalls.ATTR_NOSUID | MountCalls.ATTR_NODEV | MountCalls.ATTR_RDONLY;

  /** What belongs to the job, whatever the directory has there. */
  private static final Set<String> THE_JOBS_OWN =
      Set.of("proc", "sys", "dev", "tmp", "work", "volumes");

  private static final Set<String> OF_THE_HOST =
      Set.of("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32");

  /** The host's own programs; configuration and data are not among them. */
  static Userland ofHost() {
    return new Userland(Path.of("/"), OF_THE_HOST);
  }

  /** Whether the host's programs can be used by jobs: some systems keep them elsewhere. */
  static boolean hostIsSuitable() {
    return Files.isExecutable(Path.of("/usr/bin/env"))
        && Files.exists(Path.of("/bin/sh"))
        && Files.isDirectory(Path.of("/usr/lib"));
  }

  /** Everything in a directory that looks like a root file system. */
  static Userland of(String directory) {
    Path top = Path.of(directory);
    Set<String> names = new TreeSet<>(listed(top));
    names.removeAll(THE_JOBS_OWN);
    return new Userland(top, names);
  }

  /** Puts it into a root that is being made. */
  void showIn(Descriptor root) {
    try (Descriptor from = open(top.toString())) {
      for (String name : names) {
        FileStatus there;
        try {
          there = Syscalls.statx(from.fd(), CString.of(name), Syscalls.AT_SYMLINK_NOFOLLOW);
        } catch (KernelRefusal e) {
          if (e.is(Errno.ENOENT)) {
            continue;
          }
          throw e;
        }
        if (there.isSymlink()) {
          Syscalls.symlinkat(CString.of(target(top.resolve(name))), root.fd(), CString.of(name));
        } else if (there.isDirectory()) {
          try (Descriptor directory =
              Beneath.open(
                  from,
                  name,
                  Syscalls.O_PATH | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW,
                  Beneath.Mounts.CROSS)) {
            JobRoots.share(directory, root, name, READ_ONLY);
          }
        }
      }
    }
  }

  /** No part of the path may be a symlink: who made it could lead elsewhere at any time. */
  private static Descriptor open(String directory) {
    try (Descriptor root = Syscalls.open("/", Syscalls.O_PATH | Syscalls.O_DIRECTORY)) {
      String relative = directory.equals("/") ? "." : directory.substring(1);
      return Beneath.open(
          root, relative, Syscalls.O_PATH | Syscalls.O_DIRECTORY, Beneath.Mounts.CROSS);
    } catch (KernelRefusal e) {
      throw new HostException(
          "cannot use " + directory + " as a root file system: " + e.getMessage(),
          e.errnoName(),
          List.of(),
          e);
    }
  }

  private static HostException unusable(Path top, String why, String errno) {
    return new HostException("cannot use " + top + " as a root file system: " + why, errno);
  }

  private static Set<String> listed(Path top) {
    try (var entries = Files.list(top)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .collect(java.util.stream.Collectors.toSet());
    } catch (NoSuchFileException e) {
      throw unusable(top, "it is not there", "ENOENT");
    } catch (NotDirectoryException e) {
      throw unusable(top, "it is no directory", "ENOTDIR");
    } catch (IOException e) {
      throw unusable(top, e.toString(), "ENOENT");
    }
  }

  private static String target(Path symlink) {
    try {
      return Files.readSymbolicLink(symlink).toString();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + symlink, e);
    }
  }
}
