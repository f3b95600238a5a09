package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.GrowImage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Grows an image and the ext4 in it by the kernel's online resize, which is journaled and so safe
 * against a kill. The kernel demands CAP_SYS_RESOURCE for it.
 */
final class Ext4Growth {
  private static final long RESIZE_FS = Ioctl.write('f', 16, 8);
  private static final long LARGEST_BLOCK = 4096;

  /**
   * Repeats from any point: each part looks at what is there.
   *
   * @param inUse whether it is mounted where jobs may see it
   * @param detached mounts the image where nobody sees it; a kill leaves no such mount behind
   * @return false when the kernel does not let this daemon; the image is then as it was
   */
  boolean grow(GrowImage step, Descriptor image, boolean inUse, Supplier<Descriptor> detached) {
    long size = image.status().size();
    if (size > step.sizeBytes()) {
      throw new HostException(
          step.image()
              + " has "
              + size
              + " bytes already and cannot shrink to fewer; ask for those",
          "EFBIG");
    }
    requireWhole(image, size);
    // Allocates before it grows: what is promised must be there.
    Syscalls.fallocate(image.fd(), 0, step.sizeBytes());
    Syscalls.fsync(image.fd());
    refreshDevice(image);
    try {
      online(step, detached);
      return true;
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EPERM)) {
        throw e;
      }
      if (reaches(step, image)) {
        return true;
      }
      giveBack(step, image, size);
      if (inUse) {
        throw new HostException(
            "the kernel refuses to resize while it is mounted; "
                + "detach it first, or give the daemon CAP_SYS_RESOURCE",
            "EOPNOTSUPP");
      }
      return false;
    }
  }

  /**
   * What this call has allocated in vain. The image may have been larger than its row says, and is
   * as large as it was.
   */
  private void giveBack(GrowImage step, Descriptor image, long found) {
    if (found < step.sizeBytes()) {
      cut(image, found);
    } else {
      undo(step, image);
    }
  }

  /** Before anything is changed: what is damaged could not be taken back. */
  private static void requireWhole(Descriptor image, long size) {
    long reached = fileSystemBytes(image);
    if (reached > size) {
      throw new HostException(
          "the file system reaches to " + reached + " bytes and its image to " + size, "EINVAL");
    }
  }

  /**
   * Whether a former life has done it by a copy, or the image is larger than its row. resize2fs(8)
   * leaves out a last block that is not whole.
   */
  private static boolean reaches(GrowImage step, Descriptor image) {
    return fileSystemBytes(image) > step.sizeBytes() - LARGEST_BLOCK;
  }

  /**
   * Cuts off what was allocated in vain; a mounted file system does not reach there. What was
   * damaged since may have grown, so nothing of it is cut; and what is larger than this step makes
   * it, or smaller and full, was so before.
   */
  void undo(GrowImage step, Descriptor image) {
    long size = image.status().size();
    if (size <= step.formerSizeBytes() || size > step.sizeBytes() || !isReadable(image)) {
      return;
    }
    long reached = fileSystemBytes(image);
    boolean full = reached > size - LARGEST_BLOCK;
    if (reached > size || (full && size < step.sizeBytes())) {
      return;
    }
    if (reached > step.formerSizeBytes()) {
      throw new HostException("the file system has grown already; only going on helps", "EINVAL");
    }
    cut(image, step.formerSizeBytes());
  }

  private static void cut(Descriptor image, long bytes) {
    Syscalls.ftruncate(image.fd(), bytes);
    Syscalls.fsync(image.fd());
    refreshDevice(image);
  }

  private static boolean isReadable(Descriptor image) {
    return seen(image, Ext4Top::isIn);
  }

  private static long fileSystemBytes(Descriptor image) {
    return seen(image, Ext4Top::fileSystemBytes);
  }

  /** As the device sees it, where there is one: what is mounted may not be in the file yet. */
  private static <T> T seen(Descriptor image, Function<Descriptor, T> question) {
    try (LoopDevices.Attached device = LoopDevices.attached(image).orElse(null)) {
      return question.apply(device == null ? image : device.descriptor());
    }
  }

  private static void refreshDevice(Descriptor image) {
    LoopDevices.attached(image)
        .ifPresent(device -> {
          try (device) {
            LoopDevices.refreshSize(device.descriptor());
          }
        });
  }

  private static void online(GrowImage step, Supplier<Descriptor> detached) {
    long flags = Syscalls.O_RDONLY | Syscalls.O_DIRECTORY;
    try (Descriptor mounted = detached.get();
        Descriptor top = Beneath.open(mounted, ".", flags, Beneath.Mounts.STAY)) {
      byte[] blocks = new byte[8];
      Struct.of(blocks).putLong(0, step.sizeBytes() / top.fileSystem().blockSize());
      Syscalls.ioctl("EXT4_IOC_RESIZE_FS", top.fd(), RESIZE_FS, blocks);
      Syscalls.syncfs(top.fd());
    }
  }
}
