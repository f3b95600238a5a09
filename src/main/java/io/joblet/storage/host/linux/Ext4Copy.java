package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Another size for an image that nobody has mounted. resize2fs(8) moves blocks about without a
 * journal, so it works on a copy, which takes the image's place by rename(2) when it is whole and
 * on stable storage: a kill or a power cut leaves the former image or the new one. It needs room
 * for both meanwhile.
 */
final class Ext4Copy {
  private static final int FSCK_CORRECTED = 1;
  private static final long CHUNK = 64L << 20;
  private static final long RESIZE_UNIT = 1024;
  private static final long DEADLINE = TimeUnit.SECONDS.toNanos(5);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

  private final HelperProgram helper;

  Ext4Copy(HelperProgram helper) {
    this.helper = helper;
  }

  /**
   * Puts a copy of that size in the image's place. What a killed daemon left half made is removed
   * and not used: a helper of that daemon may still write into it.
   *
   * @param inodeLimit as many inodes there must be at least
   * @throws HostException EFBIG when what is in it does not fit, EBUSY when it is still in use
   */
  void replace(Place image, Place unfinished, long sizeBytes, long inodeLimit) {
    try (Descriptor former = image.open(Syscalls.O_RDWR);
        Descriptor copy = unfinished.createAnew(0600)) {
      awaitDetached(former, image.name());
      FileFlags.noCopyOnWrite(copy);
      Syscalls.ftruncate(copy.fd(), former.status().size());
      copyData(former, copy);
      resize(copy, sizeBytes);
      Syscalls.ftruncate(copy.fd(), sizeBytes);
      // What is promised must be there, and what was cut off must not be needed.
      Syscalls.fallocate(copy.fd(), 0, sizeBytes);
      verify(copy, sizeBytes, inodeLimit);
      Syscalls.fsync(copy.fd());
    }
    unfinished.rename(image, 0);
    Syscalls.fsync(image.parent().fd());
  }

  private static void copyData(Descriptor from, Descriptor to) {
    long data = Syscalls.nextData(from.fd(), 0);
    while (data >= 0) {
      long hole = Syscalls.nextHole(from.fd(), data);
      while (data < hole) {
        long copied = Syscalls.copyRange(from.fd(), to.fd(), data, Math.min(CHUNK, hole - data));
        if (copied == 0) {
          throw new HostException("the image became shorter while it was copied", "EIO");
        }
        data += copied;
      }
      data = Syscalls.nextData(from.fd(), hole);
    }
  }

  private void resize(Descriptor copy, long sizeBytes) {
    String path = HelperProgram.path(copy);
    HelperProgram.Result check =
        helper.tryRun("", HelperProgram.require("e2fsck"), "-f", "-p", path);
    if (check.exit() > FSCK_CORRECTED) {
      throw new HostException(
          "e2fsck finds errors it does not dare to mend: " + check.output(), "");
    }
    if (copy.status().size() < sizeBytes) {
      Syscalls.ftruncate(copy.fd(), sizeBytes);
    }
    String size = sizeBytes / RESIZE_UNIT + "K";
    HelperProgram.Result resize = helper.tryRun("", HelperProgram.require("resize2fs"), path, size);
    if (resize.exit() == 0) {
      return;
    }
    if (resize.output().contains("smaller than minimum")
        || resize.output().contains("Not enough space")
        || resize.output().contains("No space left")) {
      throw new HostException(
          "what is in the file system does not fit into " + sizeBytes + " bytes", "EFBIG");
    }
    throw new HostException(
        "resize2fs failed: exit code " + resize.exit() + ": " + resize.output(), "");
  }

  private static void verify(Descriptor copy, long sizeBytes, long inodeLimit) {
    long reached = Ext4Top.fileSystemBytes(copy);
    if (reached > sizeBytes) {
      throw new HostException("the file system still reaches to " + reached + " bytes", "EIO");
    }
    long inodes = Ext4Top.read(copy).inodes() - Ext4Inodes.RESERVED;
    if (inodes < inodeLimit) {
      throw new HostException(
          "a file system of "
              + sizeBytes
              + " bytes would have "
              + inodes
              + " inodes, fewer than the limit of "
              + inodeLimit
              + " promises",
          "EFBIG");
    }
  }

  /** The device clears itself shortly after its last user; until then it may still write. */
  private static void awaitDetached(Descriptor image, String name) {
    long start = System.nanoTime();
    while (true) {
      try (LoopDevices.Attached attached = LoopDevices.attached(image).orElse(null)) {
        if (attached == null) {
          return;
        }
        if (System.nanoTime() - start > DEADLINE) {
          throw new HostException(name + " is still attached to " + attached.path(), "EBUSY");
        }
      }
      LockSupport.parkNanos(PAUSE);
    }
  }
}
