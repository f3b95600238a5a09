package io.joblet.storage.host.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.util.List;

/**
 * Starts a program with exactly the descriptors it is to have, posix_spawn(3), which Java's own way
 * cannot: it closes everything above 2. The C library makes the child by vfork(2), so that its cost
 * does not grow with the daemon's memory.
 */
final class Spawn {
  /** Larger than posix_spawn_file_actions_t of any C library. */
  private static final int ACTIONS_SIZE = 512;

  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int ABOVE_ALL_TARGETS = 64;

  static {
    Native.register(Spawn.class, NativeLibrary.getProcess());
  }

  private Spawn() {}

  /**
   * Starts it.
   *
   * @param descriptors become 0, 1, 2, ... of the child; the rest stays with the daemon only as far
   *     as it is close-on-exec
   * @return the child's pid; somebody has to wait for it
   */
  static long start(String program, List<String> arguments, List<Descriptor> descriptors) {
    Memory actions = new Memory(ACTIONS_SIZE);
    check("posix_spawn_file_actions_init", posix_spawn_file_actions_init(actions));
    // Above every target, so that no copy overwrites one that is still to be copied.
    List<Descriptor> sources = descriptors.stream().map(Spawn::high).toList();
    try {
      for (int target = 0; target < sources.size(); target++) {
        check(
            "posix_spawn_file_actions_adddup2",
            posix_spawn_file_actions_adddup2(actions, sources.get(target).fd(), target));
      }
      StringArray argv = new StringArray(arguments.toArray(String[]::new));
      StringArray env = new StringArray(new String[0]);
      int[] pid = new int[1];
      check("posix_spawn", posix_spawn(pid, CString.of(program), actions, Pointer.NULL, argv, env));
      return pid[0];
    } finally {
      sources.forEach(Descriptor::close);
      posix_spawn_file_actions_destroy(actions);
    }
  }

  /** A copy that the child has as well, until it executes the program. */
  static Descriptor high(Descriptor descriptor) {
    return new Descriptor(
        (int)
            Syscalls.check(
                "fcntl", () -> Libc.fcntl(descriptor.fd(), F_DUPFD_CLOEXEC, ABOVE_ALL_TARGETS)));
  }

  /** These functions return the error number instead of setting errno. */
  private static void check(String name, int error) {
    if (error != 0) {
      throw new KernelRefusal(name, error);
    }
  }

  private static native int posix_spawn_file_actions_init(Pointer actions);

  private static native int posix_spawn_file_actions_destroy(Pointer actions);

  private static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

  private static native int posix_spawn(
      int[] pid, byte[] path, Pointer actions, Pointer attributes, Pointer argv, Pointer env);
}
