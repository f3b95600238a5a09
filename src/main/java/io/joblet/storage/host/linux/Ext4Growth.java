package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.GrowImage;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Grows an image and the ext4 in it: by the kernel's online resize where it may, which is journaled
 * and so safe against a kill, and by resize2fs(8) where the daemon lacks CAP_SYS_RESOURCE and
 * nobody has the image mounted.
 */
final class Ext4Growth {
  private static final long RESIZE_FS = Ioctl.write('f', 16, 8);
  private static final int FSCK_CORRECTED = 1;
  private static final long DEADLINE = TimeUnit.SECONDS.toNanos(5);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

  private final HelperProgram helper;

  Ext4Growth(HelperProgram helper) {
    this.helper = helper;
  }

  /**
   * Repeats from any point: each part looks at what is there.
   *
   * @param detached mounts the image where nobody sees it; a kill leaves no such mount behind
   */
  void grow(GrowImage step, Descriptor image, Supplier<Descriptor> detached) {
    long size = image.status().size();
    if (size > step.sizeBytes()) {
      throw new HostException(
          step.image() + " has " + size + " bytes already and cannot shrink", "EINVAL");
    }
    boolean inUse = refreshDevice(step, image);
    try {
      online(step, detached);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EPERM)) {
        throw e;
      }
      if (inUse) {
        throw new HostException(
            "the kernel refuses to resize while it is mounted; "
                + "give the daemon CAP_SYS_RESOURCE, or detach first",
            "EPERM");
      }
      awaitDetached(step, image);
      offline(image);
    }
  }

  /** The device clears itself shortly after its last user; until then it may still write. */
  private static void awaitDetached(GrowImage step, Descriptor image) {
    long start = System.nanoTime();
    while (true) {
      Optional<LoopDevices.Attached> attached = LoopDevices.attached(image);
      if (attached.isEmpty()) {
        return;
      }
      attached.get().close();
      if (System.nanoTime() - start > DEADLINE) {
        throw new HostException(
            step.image() + " is still attached to " + attached.get().path(), "EBUSY");
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  /** Allocates first: what is promised must be there. Returns whether a device was attached. */
  private static boolean refreshDevice(GrowImage step, Descriptor image) {
    Syscalls.fallocate(image.fd(), 0, step.sizeBytes());
    Syscalls.fsync(image.fd());
    var attached = LoopDevices.attached(image);
    attached.ifPresent(device -> {
      try (device) {
        LoopDevices.refreshSize(device.descriptor());
      }
    });
    return attached.isPresent();
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

  private void offline(Descriptor image) {
    String path = HelperProgram.path(image);
    HelperProgram.Result check =
        helper.tryRun("", HelperProgram.require("e2fsck"), "-f", "-p", path);
    if (check.exit() > FSCK_CORRECTED) {
      throw new HostException(
          "e2fsck finds errors it does not dare to mend: " + check.output(), "");
    }
    helper.run("", HelperProgram.require("resize2fs"), path);
    Syscalls.fsync(image.fd());
  }
}
