package io.joblet.storage.host.linux;

import static org.awaitility.Awaitility.await;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A child between fork and exec: it opens a pipe there, for which nobody writes yet. */
final class HangingSpawn {
  private static final int ACTIONS_SIZE = 512;
  private static final int READ_ONLY = 0;

  static {
    Native.register(HangingSpawn.class, NativeLibrary.getProcess());
  }

  private HangingSpawn() {}

  /** Returns when the program runs, which is when somebody opens the pipe to write. */
  static void of(String program, String pipe) {
    Memory actions = new Memory(ACTIONS_SIZE);
    posix_spawn_file_actions_init(actions);
    posix_spawn_file_actions_addopen(actions, 0, CString.of(pipe), READ_ONLY, 0);
    int[] pid = new int[1];
    StringArray arguments = new StringArray(new String[] {program});
    int error =
        posix_spawn(
            pid,
            CString.of(program),
            actions,
            Pointer.NULL,
            arguments,
            new StringArray(new String[0]));
    posix_spawn_file_actions_destroy(actions);
    if (error != 0) {
      throw new KernelRefusal("posix_spawn", error);
    }
    waitpid(pid[0], Pointer.NULL, 0);
  }

  static void awaitChildThatHolds(Descriptor held) {
    String self = Long.toString(ProcessHandle.current().pid());
    await()
        .until(() ->
            ProcessHandle.current()
                .children()
                .map(child -> Path.of("/proc/" + child.pid() + "/fd/" + held.fd()))
                .flatMap(HangingSpawn::target)
                .anyMatch(
                    target(Path.of("/proc/" + self + "/fd/" + held.fd())).findFirst().get()
                        ::equals));
  }

  private static Stream<Path> target(Path link) {
    try {
      return Stream.of(Files.readSymbolicLink(link));
    } catch (java.io.IOException gone) {
      return Stream.empty();
    }
  }

  private static native int posix_spawn_file_actions_init(Pointer actions);

  private static native int posix_spawn_file_actions_destroy(Pointer actions);

  private static native int posix_spawn_file_actions_addopen(
      Pointer actions, int target, byte[] path, int flags, int mode);

  private static native int posix_spawn(
      int[] pid, byte[] path, Pointer actions, Pointer attributes, Pointer argv, Pointer env);

  private static native int waitpid(int pid, Pointer status, int options);
}
