package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A userland of one static program and a symlink for each of its applets. */
final class Busybox {
  private static final int PROGRAM_HEADER_INTERPRETER = 3;

  private Busybox() {}

  /** Nothing to do where it stands already. */
  static void install(Path directory, HelperProgram helper) {
    if (Files.isExecutable(directory.resolve("bin/sh"))) {
      return;
    }
    Path program =
        HelperProgram.find("busybox")
            .filter(Busybox::isStatic)
            .orElseThrow(() ->
                new HostException(
                    "the minimal userland needs a static busybox (Debian: busybox-static)",
                    "ENOENT"));
    try {
      RootDirectories.make(directory);
      Path bin = directory.resolve("bin");
      for (Path made :
          List.of(directory, bin, directory.resolve("lib"), directory.resolve("usr"))) {
        Files.createDirectories(made);
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      link(directory.resolve("sbin"), "bin");
      link(directory.resolve("lib64"), "lib");
      link(directory.resolve("usr/bin"), "../bin");
      link(directory.resolve("usr/sbin"), "../bin");
      Files.copy(program, bin.resolve("busybox"), StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(
          bin.resolve("busybox"), PosixFilePermissions.fromString("rwxr-xr-x"));
      helper.run("", bin.resolve("busybox").toString(), "--install", "-s", bin.toString());
      for (Path applet : applets(bin)) {
        link(applet, "busybox");
      }
      // Last: it says that the rest is there.
      link(bin.resolve("sh"), "busybox");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the minimal userland", e);
    }
  }

  /** It links them by the absolute path that it was called by, which no job has. */
  private static List<Path> applets(Path bin) throws IOException {
    try (var entries = Files.list(bin)) {
      return entries.filter(Files::isSymbolicLink).filter(link -> !link.endsWith("sh")).toList();
    }
  }

  private static void link(Path link, String target) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(target));
  }

  /** An ELF file without an interpreter, elf(5); 64 bits, little-endian. */
  static boolean isStatic(Path program) {
    try {
      ByteBuffer elf = ByteBuffer.wrap(Files.readAllBytes(program)).order(ByteOrder.LITTLE_ENDIAN);
      if (elf.limit() < 64 || elf.getInt(0) != 0x464c457f || elf.get(4) != 2) {
        return false;
      }
      long headers = elf.getLong(32);
      int size = Short.toUnsignedInt(elf.getShort(54));
      int count = Short.toUnsignedInt(elf.getShort(56));
      for (int i = 0; i < count; i++) {
        if (elf.getInt((int) headers + i * size) == PROGRAM_HEADER_INTERPRETER) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
