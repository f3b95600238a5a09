package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.MakeImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a new ext4 into a file. mke2fs(8) sets the owner of the top directory but, before 1.47.1,
 * not its mode; debugfs(8) does, and takes away lost+found, which e.g. initdb would stumble over
 * and e2fsck makes again when it needs it.
 */
final class Ext4Format {
  static final String MKFS = "mkfs.ext4";
  static final String DEBUGFS = "debugfs";

  private final HelperProgram helper;

  Ext4Format(HelperProgram helper) {
    this.helper = helper;
  }

  void make(Descriptor file, MakeImage step) {
    String path = HelperProgram.path(file);
    helper.run("", mkfs(path, step));
    helper.run(
        "set_inode_field <2> mode 0%o\nrmdir lost+found\n".formatted(0040000 | step.mode()),
        HelperProgram.require(DEBUGFS),
        "-w",
        path);
    verify(file, step);
  }

  private static String[] mkfs(String path, MakeImage step) {
    List<String> command =
        new ArrayList<>(List.of(HelperProgram.require(MKFS), "-q", "-F", "-m", "0"));
    if (step.inodeLimit() > 0) {
      Ext4Inodes inodes = Ext4Inodes.of(step.sizeBytes());
      command.addAll(List.of("-N", Long.toString(inodes.forLimit(step.inodeLimit()))));
    }
    String owner = step.uid() + ":" + step.gid();
    command.addAll(List.of("-E", "nodiscard,lazy_itable_init=1,root_owner=" + owner, path));
    return command.toArray(String[]::new);
  }

  /** debugfs exits with 0 whatever happens, so what counts is what is in the file. */
  private static void verify(Descriptor file, MakeImage step) {
    Ext4Top top = Ext4Top.read(file);
    if (top.mode() != step.mode() || top.uid() != step.uid() || top.gid() != step.gid()) {
      throw new HostException("the new file system's top directory is " + top, "");
    }
    if (top.inodes() - Ext4Inodes.RESERVED < step.inodeLimit()) {
      throw new HostException(
          "the new file system has " + top.inodes() + " inodes, not " + step.inodeLimit(), "");
    }
  }
}
