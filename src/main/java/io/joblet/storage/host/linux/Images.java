package io.joblet.storage.host.linux;

import static io.joblet.storage.host.linux.FileSystemStatus.EXT4;
import static io.joblet.storage.host.linux.FileSystemStatus.NODEV;
import static io.joblet.storage.host.linux.FileSystemStatus.NOSUID;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.GrowImage;
import io.joblet.storage.host.HostOperation.MakeImage;
import io.joblet.storage.host.HostOperation.MountImage;
import io.joblet.storage.host.HostOperation.ShrinkImage;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import java.util.Map;
import java.util.Optional;

/** Volumes that are an ext4 in a file of their own. */
final class Images {
  private final Roots roots;
  private final Unmounts unmounts;
  private final Ext4Format format;
  private final Ext4Growth growth;
  private final Ext4Copy copy;

  Images(Roots roots, Unmounts unmounts, HelperProgram helper) {
    this.roots = roots;
    this.unmounts = unmounts;
    this.format = new Ext4Format(helper);
    this.copy = new Ext4Copy(helper);
    this.growth = new Ext4Growth();
  }

  static boolean available() {
    return HelperProgram.find(Ext4Format.MKFS).isPresent()
        && HelperProgram.find(Ext4Format.DEBUGFS).isPresent()
        && Sysfs.text("/proc/filesystems").filter(t -> t.contains("\text4\n")).isPresent()
        && LoopDevices.available();
  }

  /** Built under another name and renamed, so that an image which exists is a finished one. */
  void make(MakeImage step) {
    try (Place image = roots.place(step.image());
        Place unfinished = roots.place(Layout.unfinished(step.image()))) {
      Optional<FileStatus> there = image.status();
      if (there.isPresent()) {
        requireSize(step, there.get());
        return;
      }
      try (Descriptor file = unfinished.create(Syscalls.O_RDWR | Syscalls.O_TRUNC, 0600)) {
        FileFlags.noCopyOnWrite(file);
        Syscalls.fallocate(file.fd(), 0, step.sizeBytes());
        format.make(file, step);
        Syscalls.fsync(file.fd());
      }
      publish(unfinished, image);
    }
  }

  void unmake(MakeImage step) {
    Directories directories = new Directories(roots);
    directories.removeFile(Layout.unfinished(step.image()));
    directories.removeFile(step.image());
  }

  void mount(MountImage step) {
    try (Place from = roots.place(step.image());
        Descriptor image = open(from, step.image());
        Place to = roots.place(step.target());
        Descriptor target = to.openDirectory()) {
      if (target.status().mountRoot()) {
        if (!shows(target, image.status()) || !target.fileSystem().has(NOSUID | NODEV)) {
          throw roots.obstacles().at(step.target(), Errno.EEXIST);
        }
        return;
      }
      try (Descriptor tree = detached(step.image(), image)) {
        MountCalls.moveMount(tree, target);
      }
    }
  }

  void unmount(MountImage step) {
    unmounts.unmount(step.target(), top -> isOurs(step, top));
  }

  void grow(GrowImage step) {
    try (Place place = roots.place(step.image());
        Place unfinished = roots.place(Layout.unfinished(step.image()))) {
      try (Descriptor image = open(place, step.image())) {
        if (growth.grow(
            step, image, isMountAt(step.target()), () -> detached(step.image(), image))) {
          Syscalls.fsync(place.parent().fd());
          return;
        }
      }
      copy.replace(place, unfinished, step.sizeBytes(), 0);
    }
  }

  /** Where the image has gone, nothing is left to take back. */
  void ungrow(GrowImage step) {
    try (Place place = roots.place(step.image())) {
      if (place.status().isPresent()) {
        try (Descriptor image = open(place, step.image())) {
          growth.undo(step, image);
        }
      }
    }
    new Directories(roots).removeFile(Layout.unfinished(step.image()));
  }

  void shrink(ShrinkImage step) {
    if (isMountAt(step.target())) {
      throw new HostException(step.image() + " is mounted; detach it first", "EOPNOTSUPP");
    }
    try (Place image = roots.place(step.image());
        Place unfinished = roots.place(Layout.unfinished(step.image()))) {
      long size = sizeOf(image, step.image());
      if (size > step.sizeBytes()) {
        copy.replace(image, unfinished, step.sizeBytes(), step.inodeLimit());
      } else if (size < step.sizeBytes()) {
        throw new HostException(
            step.image() + " has " + size + " bytes already; set the size to that first", "EINVAL");
      } else {
        // Done in a former life, which may have ended before this.
        Syscalls.fsync(image.parent().fd());
      }
    }
  }

  void unshrink(ShrinkImage step) {
    try (Place image = roots.place(step.image())) {
      // Shorter than its row says it can have been before.
      if (image.status().isPresent() && sizeOf(image, step.image()) == step.sizeBytes()) {
        throw new HostException("the image is the smaller one already; only going on helps", "");
      }
    }
    new Directories(roots).removeFile(Layout.unfinished(step.image()));
  }

  private long sizeOf(Place image, ManagedPath path) {
    try (Descriptor file = open(image, path)) {
      return file.status().size();
    }
  }

  private Descriptor open(Place image, ManagedPath path) {
    try {
      return image.open(Syscalls.O_RDWR);
    } catch (KernelRefusal e) {
      throw e.is(Errno.ELOOP, Errno.EISDIR) ? roots.obstacles().at(path, e.errno()) : e;
    }
  }

  private boolean isMountAt(ManagedPath target) {
    return new Looks(roots).status(target).map(FileStatus::mountRoot).orElse(false);
  }

  /** Another mount of a device that is mounted already shows the same file system, not a second. */
  private Descriptor detached(ManagedPath path, Descriptor image) {
    try (LoopDevices.Attached device = LoopDevices.attach(image, name(path))) {
      return NewMount.make(
          "ext4", Map.of("source", device.path()), MountCalls.ATTR_NOSUID | MountCalls.ATTR_NODEV);
    }
  }

  /** Where the image has gone, any loop device's ext4 with our options is taken for it. */
  private boolean isOurs(MountImage step, Descriptor top) {
    Optional<FileStatus> image = new Looks(roots).status(step.image());
    if (image.isPresent()) {
      return shows(top, image.get());
    }
    FileSystemStatus mounted = top.fileSystem();
    return mounted.is(EXT4)
        && mounted.has(NOSUID | NODEV)
        && top.status().device().major() == LoopDevices.MAJOR;
  }

  private static boolean shows(Descriptor top, FileStatus image) {
    return top.fileSystem().is(EXT4) && LoopDevices.backedBy(top.status().device(), image);
  }

  private void requireSize(MakeImage step, FileStatus there) {
    if (!there.isRegular() || there.size() != step.sizeBytes()) {
      throw roots.obstacles().at(step.image(), Errno.EEXIST);
    }
  }

  private static void publish(Place unfinished, Place image) {
    unfinished.rename(image, Syscalls.RENAME_NOREPLACE);
    Syscalls.fsync(image.parent().fd());
  }

  private String name(ManagedPath image) {
    return roots.path(image).toString();
  }
}
