package io.joblet.storage.cli.backup;

import java.io.DataInputStream;
import java.io.IOException;

/** Takes what is packed in a backup, one after the other. */
interface Entries {
  /** Comes first: whose the data was. */
  void owner(int uid) throws IOException;

  /** A directory; what is in it comes later. */
  void directory(String name) throws IOException;

  /** A file, of whose content no more than {@code size} may be read. */
  void file(String name, long size, DataInputStream content) throws IOException;
}
