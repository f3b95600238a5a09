package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A directory of a cgroup file system, held open. Its files are read and written as a whole. */
final class Cgroup implements AutoCloseable {
  static final String PROCESSES = "cgroup.procs";

  /** Threads, in version 1 alone. */
  static final String TASKS = "tasks";

  private static final int PART = 1 << 14;

  private final Descriptor directory;
  private final boolean unified;

  Cgroup(Descriptor directory, boolean unified) {
    this.directory = directory;
    this.unified = unified;
  }

  boolean unified() {
    return unified;
  }

  Descriptor directory() {
    return directory;
  }

  /** Makes one below this; there already is fine. */
  Cgroup make(String name) {
    try {
      Syscalls.mkdirat(directory.fd(), CString.of(name), 0755);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
    return new Cgroup(openDirectory(name), unified);
  }

  Optional<Cgroup> find(String name) {
    try {
      return Optional.of(new Cgroup(openDirectory(name), unified));
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Descriptor openDirectory(String name) {
    return open(name, Syscalls.O_RDONLY | Syscalls.O_DIRECTORY);
  }

  /** Removes one below this; absent is done. EBUSY while a process or a cgroup is in it. */
  void remove(String name) {
    try {
      Syscalls.unlinkat(directory.fd(), CString.of(name), Syscalls.AT_REMOVEDIR);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  /** Names below, of files and of cgroups. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    try (Descriptor fresh = openDirectory(".")) {
      DirectoryReader.read(fresh, name -> names.add(new String(name, StandardCharsets.UTF_8)));
    }
    return names;
  }

  String read(String file) {
    StringBuilder text = new StringBuilder();
    byte[] part = new byte[PART];
    try (Descriptor opened = open(file, Syscalls.O_RDONLY)) {
      for (int n = Syscalls.read(opened.fd(), part); n > 0; n = Syscalls.read(opened.fd(), part)) {
        text.append(new String(part, 0, n, StandardCharsets.US_ASCII));
      }
    }
    return text.toString();
  }

  void write(String file, String text) {
    try (Descriptor opened = openToWrite(file)) {
      Syscalls.write(opened.fd(), text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Writes a value of one line and compares what the kernel made of it. */
  void set(String file, String value) {
    write(file, value);
    String found = read(file).strip();
    if (!found.equals(value)) {
      throw new HostException(file + " is " + found + " after writing " + value, "EINVAL");
    }
  }

  Descriptor openToWrite(String file) {
    return open(file, Syscalls.O_WRONLY);
  }

  private Descriptor open(String name, long flags) {
    return Beneath.open(directory, name, flags | Syscalls.O_NOFOLLOW, Beneath.Mounts.STAY);
  }

  /** Ids of the processes in it, those of other pid namespaces left out (they read as 0). */
  List<Long> processes() {
    List<Long> pids = new ArrayList<>();
    try {
      read(PROCESSES).lines().map(Long::valueOf).filter(pid -> pid > 0).forEach(pids::add);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ENODEV)) {
        throw e;
      }
      // Removed since it was opened, and so empty.
    }
    return pids;
  }

  @Override
  public void close() {
    directory.close();
  }
}
