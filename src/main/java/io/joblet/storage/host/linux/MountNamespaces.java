package io.joblet.storage.host.linux;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every mount namespace that can be found, held open: the daemon's own first. From Linux 6.12 the
 * kernel lists them (ioctl_nsfs(2), NS_MNT_GET_NEXT), those in which no process runs included;
 * before, they are those of the processes in {@code /proc}. Holding one open keeps its mounts
 * alive, so it is for as long as a question takes.
 */
final class MountNamespaces implements AutoCloseable {
  private static final int INFO_BYTES = 16;
  private static final long NEXT = Ioctl.read(0xb7, 11, INFO_BYTES);
  private static final long PREVIOUS = Ioctl.read(0xb7, 12, INFO_BYTES);
  private static final long OWNER = Ioctl.plain(0xb7, 1);

  private final Map<Long, Descriptor> byInode = new LinkedHashMap<>();
  private final Map<Long, Identity> identities = new HashMap<>();

  private MountNamespaces() {}

  /**
   * What the kernel says of one in its list.
   *
   * @param id never used again, other than the inode
   * @param mounts how many it has
   */
  record Identity(long id, int mounts) {}

  static MountNamespaces open() {
    MountNamespaces found = new MountNamespaces();
    try {
      Descriptor own = of("thread-self");
      found.add(own);
      if (!found.listedFrom(own)) {
        found.addThoseOfProcesses();
      }
      return found;
    } catch (RuntimeException e) {
      found.close();
      throw e;
    }
  }

  /** What an older kernel leaves to go by. */
  static MountNamespaces ofProcesses() {
    MountNamespaces found = new MountNamespaces();
    try {
      found.add(of("thread-self"));
      found.addThoseOfProcesses();
      return found;
    } catch (RuntimeException e) {
      found.close();
      throw e;
    }
  }

  /** The daemon's own first, then the others, by their inode in nsfs. */
  List<Long> inodes() {
    return List.copyOf(byInode.keySet());
  }

  /** The descriptor of one, or null if there is no such namespace. */
  Descriptor get(long inode) {
    return byInode.get(inode);
  }

  /** What the kernel's list says of one; empty if it is not from there. */
  Optional<Identity> identity(long inode) {
    return Optional.ofNullable(identities.get(inode));
  }

  /** The daemon's own first. */
  List<Descriptor> all() {
    return new ArrayList<>(byInode.values());
  }

  /**
   * Those that belong to another user namespace than the daemon's does (ioctl_nsfs(2),
   * NS_GET_USERNS). That is what the kernel goes by when it locks the mounts of a copy.
   */
  Set<Long> ofOtherUsers() {
    Set<Long> found = new HashSet<>();
    owner(all().getFirst())
        .ifPresent(ours ->
            byInode.forEach((inode, namespace) -> {
              if (owner(namespace).filter(users -> !users.sameFile(ours)).isPresent()) {
                found.add(inode);
              }
            }));
    return found;
  }

  /**
   * Empty where the kernel shows none: whoever owns it is not below this process, so it is nobody
   * who made himself root, or there are no user namespaces.
   */
  private static Optional<FileStatus> owner(Descriptor namespace) {
    try (Descriptor users =
        new Descriptor(Syscalls.ioctl("NS_GET_USERNS", namespace.fd(), OWNER, 0L))) {
      return Optional.of(users.status());
    } catch (KernelRefusal e) {
      if (e.is(Errno.EPERM)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The processes in one, by the walk through {@code /proc} that it takes to tell. */
  static List<Long> members(long inode) {
    return Processes.all().stream().filter(pid -> isIn(inode, pid)).toList();
  }

  /** What ended meanwhile, or will not be looked at, is not the one to name. */
  private static boolean isIn(long inode, long pid) {
    try {
      byte[] path = CString.of("/proc/" + pid + "/ns/mnt");
      return Syscalls.statx(Syscalls.AT_FDCWD, path, 0).inode() == inode;
    } catch (KernelRefusal e) {
      return false;
    }
  }

  @Override
  public void close() {
    byInode.values().forEach(Descriptor::close);
  }

  /** False on a kernel that cannot, or will not tell a daemon in a container. */
  private boolean listedFrom(Descriptor own) {
    return listed(own, NEXT) && listed(own, PREVIOUS);
  }

  private boolean listed(Descriptor from, long way) {
    Descriptor at = from;
    byte[] info = new byte[INFO_BYTES];
    while (true) {
      try {
        at = new Descriptor(Syscalls.ioctl("NS_MNT_GET_NEXT", at.fd(), way, info));
      } catch (KernelRefusal e) {
        if (e.is(Errno.ENOENT)) {
          return true;
        }
        if (e.is(Errno.ENOTTY, Errno.EINVAL) || e.is(Errno.EPERM)) {
          return false;
        }
        throw e;
      }
      identities.put(add(at), new Identity(Struct.of(info).getLong(8), Struct.of(info).getInt(4)));
    }
  }

  private void addThoseOfProcesses() {
    for (long pid : Processes.all()) {
      try {
        of(Long.toString(pid))
            .filter(n -> !byInode.containsKey(n.status().inode()))
            .ifPresent(this::add);
      } catch (KernelRefusal e) {
        if (!e.is(Errno.ENOENT, Errno.ESRCH) && !e.is(Errno.EACCES)) {
          throw e;
        }
      }
    }
  }

  private long add(Descriptor namespace) {
    long inode = inode(namespace);
    Descriptor former = byInode.put(inode, namespace);
    if (former != null) {
      former.close();
    }
    return inode;
  }

  private static long inode(Descriptor namespace) {
    try {
      return namespace.status().inode();
    } catch (KernelRefusal e) {
      namespace.close();
      throw e;
    }
  }

  private static Descriptor of(String process) {
    return Syscalls.open("/proc/" + process + "/ns/mnt", Syscalls.O_RDONLY);
  }
}
