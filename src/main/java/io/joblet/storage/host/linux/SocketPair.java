package io.joblet.storage.host.linux;

import com.sun.jna.Memory;
import java.util.List;

/** Two connected sockets of this host, unix(7), and descriptors that go through them. */
final class SocketPair {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_NOSIGNAL = 0x4000;

  // struct msghdr, struct iovec and struct cmsghdr of a machine with 64 bits, cmsg(3).
  private static final int MESSAGE_SIZE = 56;
  private static final int VECTOR_SIZE = 16;
  private static final int CONTROL_HEAD = 16;
  private static final int ALIGNMENT = 8;

  private SocketPair() {}

  /** Both close-on-exec. */
  static Descriptor[] make() {
    int[] ends = new int[2];
    Syscalls.check("socketpair", () -> Libc.socketpair(AF_UNIX, SOCK_STREAM_CLOEXEC, 0, ends));
    return new Descriptor[] {new Descriptor(ends[0]), new Descriptor(ends[1])};
  }

  /**
   * Sends all the bytes, and copies of the descriptors with the first four of them.
   *
   * @throws KernelRefusal EPIPE when nobody has the other end
   */
  static void send(Descriptor socket, byte[] bytes, List<Descriptor> descriptors) {
    int head = Integer.BYTES;
    try (Memory data = new Memory(head);
        Memory vector = new Memory(VECTOR_SIZE);
        Memory control = control(descriptors);
        Memory message = new Memory(MESSAGE_SIZE)) {
      data.write(0, bytes, 0, head);
      vector.setPointer(0, data);
      vector.setLong(8, head);
      message.clear();
      message.setPointer(16, vector);
      message.setLong(24, 1);
      message.setPointer(32, control);
      message.setLong(40, control.size());
      long sent =
          Syscalls.retrying("sendmsg", () -> Libc.sendmsg(socket.fd(), message, MSG_NOSIGNAL));
      if (sent != head) {
        throw new IllegalStateException("sent " + sent + " of " + head + " bytes");
      }
    }
    Syscalls.write(socket.fd(), java.util.Arrays.copyOfRange(bytes, head, bytes.length));
  }

  private static Memory control(List<Descriptor> descriptors) {
    long length = CONTROL_HEAD + (long) descriptors.size() * Integer.BYTES;
    Memory control = new Memory((length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    control.clear();
    control.setLong(0, length);
    control.setInt(8, SOL_SOCKET);
    control.setInt(12, SCM_RIGHTS);
    for (int i = 0; i < descriptors.size(); i++) {
      control.setInt(CONTROL_HEAD + (long) i * Integer.BYTES, descriptors.get(i).fd());
    }
    return control;
  }
}
