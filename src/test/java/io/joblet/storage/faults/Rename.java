package io.joblet.storage.faults;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** renameat2(2), by a binding that is not the daemon's. */
final class Rename {
  private static final int AT_FDCWD = -100;
  private static final int NOREPLACE = 1;
  private static final int EXCHANGE = 2;

  private static final MethodHandle RENAMEAT2 =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().find("renameat2").orElseThrow(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));

  private Rename() {}

  /** At every moment each name is one or the other; false if it was refused. */
  static boolean exchange(Path one, Path other) {
    return call(one, other, EXCHANGE);
  }

  /** False if it was refused, as where there is something by the new name. */
  static boolean move(Path from, Path to) {
    return call(from, to, NOREPLACE);
  }

  private static boolean call(Path from, Path to, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
              RENAMEAT2.invokeExact(
                  AT_FDCWD,
                  arena.allocateFrom(from.toString()),
                  AT_FDCWD,
                  arena.allocateFrom(to.toString()),
                  flags)
          == 0;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
