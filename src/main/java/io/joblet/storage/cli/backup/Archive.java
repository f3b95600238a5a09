package io.joblet.storage.cli.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * The file of a backup: a line with its version, directories and files one after the other, packed
 * by gzip, and a last line with the SHA-256 of all before it.
 */
final class Archive {
  private static final byte[] HEAD = "joblet-database 1\n".getBytes(US_ASCII);
  private static final int TAIL = "\nsha256:".length() + 64 + 1;
  private static final long DIRECTORY = -1;

  private Archive() {}

  /**
   * Writes the data directory and the passwords that belong to it.
   *
   * @param file must not exist; 0600, whole and on stable storage when this returns. A kill leaves
   *     a file beside it, which the next call with the same name refuses and names
   */
  static void write(StoppedDatabase database, Path file) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try (FileChannel channel = create(unfinished)) {
      try {
        write(database, channel);
        // Unlike a rename it replaces nothing.
        Files.createLink(file, unfinished);
      } catch (IOException e) {
        throw Durably.at(unfinished, e);
      } finally {
        Files.delete(unfinished);
      }
    }
    Durably.sync(file.toAbsolutePath().getParent());
  }

  private static FileChannel create(Path unfinished) throws IOException {
    try {
      return Durably.create(unfinished);
    } catch (FileAlreadyExistsException e) {
      throw new BackupException(
          unfinished
              + " exists: a backup that was killed has left it, or it is somebody else's; remove"
              + " it or name another file");
    }
  }

  private static void write(StoppedDatabase database, FileChannel channel) throws IOException {
    MessageDigest digest = sha256();
    OutputStream raw = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    OutputStream digested = new DigestOutputStream(raw, digest);
    digested.write(HEAD);
    GZIPOutputStream packed = new GZIPOutputStream(digested, 1 << 16);
    DataOutputStream out = new DataOutputStream(packed);
    out.writeInt((Integer) Files.getAttribute(database.data(), "unix:uid"));
    add(out, "pgpass", database.passwords());
    addTree(out, database.data());
    out.writeUTF("");
    out.flush();
    packed.finish();
    raw.write(("\nsha256:" + HexFormat.of().formatHex(digest.digest()) + "\n").getBytes(US_ASCII));
    raw.flush();
    channel.force(true);
  }

  private static void addTree(DataOutputStream out, Path data) throws IOException {
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            out.writeUTF(name(directory));
            out.writeLong(DIRECTORY);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isRegularFile()) {
              throw new BackupException(file + " is no regular file; it is not the daemon's");
            }
            add(out, name(file), file);
            return FileVisitResult.CONTINUE;
          }

          private String name(Path path) {
            return path.equals(data) ? "data" : "data/" + data.relativize(path);
          }
        });
  }

  private static void add(DataOutputStream out, String name, Path file) throws IOException {
    long size = Files.size(file);
    out.writeUTF(name);
    out.writeLong(size);
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      // No more than it had, or a file that grows would have no end.
      for (long left = size; left > 0; ) {
        int read = read(in, buffer, (int) Math.min(buffer.length, left), file);
        out.write(buffer, 0, read);
        left -= read;
      }
      if (in.read() >= 0) {
        throw changed(file);
      }
    }
  }

  private static int read(InputStream in, byte[] buffer, int wanted, Path file) throws IOException {
    int read;
    try {
      read = in.read(buffer, 0, wanted);
    } catch (IOException e) {
      throw Durably.at(file, e);
    }
    if (read < 0) {
      throw changed(file);
    }
    return read;
  }

  private static BackupException changed(Path file) {
    return new BackupException(file + " changed while it was read");
  }

  /**
   * Checks the file as a whole, before anything of it is believed.
   *
   * @throws BackupException when it is no backup, or not the one that was written
   */
  static void check(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new BackupException(file + " is no regular file");
    }
    long size = Files.size(file);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      MessageDigest digest = sha256();
      InputStream digested = new DigestInputStream(in, digest);
      if (size < HEAD.length + TAIL || !Arrays.equals(digested.readNBytes(HEAD.length), HEAD)) {
        throw new BackupException(file + " is no backup of a version that this rnx knows");
      }
      byte[] buffer = new byte[1 << 16];
      long left = size - HEAD.length - TAIL;
      while (left > 0) {
        left -= read(digested, buffer, (int) Math.min(buffer.length, left), file);
      }
      String wanted = "\nsha256:" + HexFormat.of().formatHex(digest.digest()) + "\n";
      if (!new String(in.readAllBytes(), US_ASCII).equals(wanted)) {
        throw new BackupException(file + " is damaged: its checksum is another one");
      }
    }
  }

  /** Reads what {@link #check} found whole. */
  static void read(Path file, Entries entries) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      in.skipNBytes(HEAD.length);
      DataInputStream packed = new DataInputStream(new GZIPInputStream(in, 1 << 16));
      entries.owner(packed.readInt());
      for (String name = packed.readUTF(); !name.isEmpty(); name = packed.readUTF()) {
        long size = packed.readLong();
        if (size == DIRECTORY) {
          entries.directory(name);
        } else if (size < 0) {
          throw new ZipException(name);
        } else {
          entries.file(name, size, packed);
        }
      }
    } catch (EOFException | UTFDataFormatException | ZipException e) {
      throw new BackupException(
          file + " was not written by rnx: what is packed in it cannot be read");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
