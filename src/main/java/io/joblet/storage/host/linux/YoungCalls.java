package io.joblet.storage.host.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.OptionalInt;

/**
 * System calls that may be younger than the host's libseccomp, which then cannot name them. Since
 * Linux 5.1 a new call has one number on all architectures, from 424 on.
 */
final class YoungCalls {
  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("io_uring_setup", 425),
          Map.entry("io_uring_enter", 426),
          Map.entry("io_uring_register", 427),
          Map.entry("open_tree", 428),
          Map.entry("move_mount", 429),
          Map.entry("fsopen", 430),
          Map.entry("fsconfig", 431),
          Map.entry("fsmount", 432),
          Map.entry("fspick", 433),
          Map.entry("clone3", 435),
          Map.entry("pidfd_getfd", 438),
          Map.entry("mount_setattr", 442),
          Map.entry("quotactl_fd", 443),
          Map.entry("open_tree_attr", 467));

  /** file_setattr of Linux 6.17. Who raises it has looked at what each new call can do. */
  private static final int LAST_KNOWN = 469;

  /** The x32 calls of x86-64 begin here; libseccomp has its own answer to them. */
  private static final int X32 = 0x40000000;

  private static final short LOAD = 0x20;
  private static final short JUMP_IF_GREATER = 0x25;
  private static final short JUMP_IF_GREATER_OR_EQUAL = 0x35;
  private static final short RETURN = 0x06;
  private static final int ENOSYS = 0x00050000 | 38;
  private static final int INSTRUCTION = 8;

  private YoungCalls() {}

  static OptionalInt number(String name) {
    Integer number = NUMBERS.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /**
   * The same filter behind four instructions that answer ENOSYS, as an older kernel would, to calls
   * that nobody knew when this was written. Jumps are relative, so that the rest stays as it is.
   */
  static byte[] refuseUnknown(byte[] filter) {
    ByteBuffer program =
        ByteBuffer.allocate(4 * INSTRUCTION + filter.length).order(ByteOrder.nativeOrder());
    // seccomp_data.nr, see seccomp(2).
    add(program, LOAD, 0, 0, 0);
    add(program, JUMP_IF_GREATER, 0, 2, LAST_KNOWN);
    add(program, JUMP_IF_GREATER_OR_EQUAL, 1, 0, X32);
    add(program, RETURN, 0, 0, ENOSYS);
    return program.put(filter).array();
  }

  /** struct sock_filter: how many instructions to skip if so and if not. */
  private static void add(ByteBuffer program, short code, int ifSo, int ifNot, int value) {
    program.putShort(code).put((byte) ifSo).put((byte) ifNot).putInt(value);
  }
}
