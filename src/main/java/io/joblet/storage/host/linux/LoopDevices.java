package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.LoopDevice;
import io.joblet.storage.host.HostException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Loop devices, loop(4). A device is known by its backing file's device and inode, never by its
 * name or the path that was used. All are auto-clearing: the kernel detaches a device with its last
 * user, a killed daemon included.
 */
final class LoopDevices {
  static final int MAJOR = 7;

  private static final String CONTROL = "/dev/loop-control";
  private static final long CTL_GET_FREE = 0x4C82;
  private static final long CONFIGURE = 0x4C0A;
  private static final long GET_STATUS = 0x4C05;
  private static final long SET_CAPACITY = 0x4C07;
  private static final int AUTOCLEAR = 4;
  private static final int CONFIG_BYTES = 304;
  private static final int CONFIG_INFO = 8;
  private static final int INFO_BYTES = 232;
  private static final int INFO_FLAGS = 52;
  private static final int INFO_FILE_NAME = 56;
  private static final int FILE_NAME_BYTES = 64;
  private static final int ATTEMPTS = 64;

  private LoopDevices() {}

  static boolean available() {
    try (Descriptor control = Syscalls.open(CONTROL, Syscalls.O_RDWR)) {
      return Syscalls.ioctl("LOOP_CTL_GET_FREE", control.fd(), CTL_GET_FREE, 0) >= 0;
    } catch (KernelRefusal e) {
      return false;
    }
  }

  static String path(int number) {
    return "/dev/loop" + number;
  }

  /** Every device that has a backing file, as {@code /sys/block} shows it. */
  static List<LoopDevice> all() {
    List<LoopDevice> devices = new ArrayList<>();
    try (DirectoryStream<Path> blocks = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
      for (Path block : blocks) {
        Sysfs.text(block.resolve("loop/backing_file"))
            .ifPresent(file -> devices.add(new LoopDevice("/dev/" + block.getFileName(), file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list loop devices", e);
    }
    return devices;
  }

  /** A device held open, so that it does not clear itself before it is mounted. */
  record Attached(int number, Descriptor descriptor) implements AutoCloseable {
    String path() {
      return LoopDevices.path(number);
    }

    @Override
    public void close() {
      descriptor.close();
    }
  }

  /**
   * The device of an image: the one it has, since a second one on the same file would be a second
   * cache over the same blocks, or a new one in a single call.
   */
  static Attached attach(Descriptor image, String imageName) {
    return attached(image).orElseGet(() -> attachNew(image, imageName));
  }

  /** The device that has this very file behind it. */
  static Optional<Attached> attached(Descriptor image) {
    FileStatus file = image.status();
    for (LoopDevice device : all()) {
      int number = Integer.parseInt(device.device().substring("/dev/loop".length()));
      Optional<Attached> attached = openIfBackedBy(number, file);
      if (attached.isPresent()) {
        return attached;
      }
    }
    return Optional.empty();
  }

  /** Whether the block device of that number has this very file behind it. */
  static boolean backedBy(FileStatus.Device device, FileStatus file) {
    if (device.major() != MAJOR) {
      return false;
    }
    Optional<Attached> attached = openIfBackedBy(device.minor(), file);
    attached.ifPresent(Attached::close);
    return attached.isPresent();
  }

  /** Tells the device that its file has another size. */
  static void refreshSize(Descriptor device) {
    Syscalls.ioctl("LOOP_SET_CAPACITY", device.fd(), SET_CAPACITY, 0);
  }

  /** Read-only is enough to ask, and works on what somebody else attached read-only. */
  private static Optional<Attached> openIfBackedBy(int number, FileStatus file) {
    Descriptor device;
    try {
      device = Syscalls.open(path(number), Syscalls.O_RDONLY);
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT, Errno.ENXIO)) {
        return Optional.empty();
      }
      throw e;
    }
    return device.filter(d -> isBackedBy(d, file)).map(d -> new Attached(number, d));
  }

  private static boolean isBackedBy(Descriptor device, FileStatus file) {
    byte[] info = new byte[INFO_BYTES];
    try {
      Syscalls.ioctl("LOOP_GET_STATUS64", device.fd(), GET_STATUS, info);
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENXIO)) {
        return false;
      }
      throw e;
    }
    Struct s = Struct.of(info);
    return s.getLong(8) == file.inode() && s.getLong(0) == encode(file.device());
  }

  /** The kernel's huge_encode_dev, {@code linux/kdev_t.h}. */
  private static long encode(FileStatus.Device device) {
    long minor = device.minor();
    return (minor & 0xff) | (long) device.major() << 8 | (minor & ~0xffL) << 12;
  }

  /** Another process may take the free device first; then the kernel says EBUSY. */
  private static Attached attachNew(Descriptor image, String imageName) {
    try (Descriptor control = Syscalls.open(CONTROL, Syscalls.O_RDWR)) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int number = Syscalls.ioctl("LOOP_CTL_GET_FREE", control.fd(), CTL_GET_FREE, 0);
        Descriptor device = LoopNode.open(number);
        try {
          Syscalls.ioctl("LOOP_CONFIGURE", device.fd(), CONFIGURE, config(image, imageName));
          return new Attached(number, device);
        } catch (KernelRefusal e) {
          device.close();
          if (!e.is(Errno.EBUSY)) {
            throw e;
          }
        }
      }
    }
    throw new HostException("no free loop device after " + ATTEMPTS + " attempts", "EBUSY");
  }

  private static byte[] config(Descriptor image, String imageName) {
    byte[] config = new byte[CONFIG_BYTES];
    byte[] name = CString.of(imageName);
    Struct.of(config)
        .putInt(0, image.fd())
        .putInt(CONFIG_INFO + INFO_FLAGS, AUTOCLEAR)
        .putText(
            CONFIG_INFO + INFO_FILE_NAME,
            java.util.Arrays.copyOf(name, Math.min(name.length, FILE_NAME_BYTES - 1)));
    return config;
  }
}
