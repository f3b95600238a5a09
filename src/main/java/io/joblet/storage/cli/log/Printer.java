package io.joblet.storage.cli.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.io.IOException;

/** Where the output of a job goes. */
public interface Printer {
  /**
   * Prints bytes as they are; they may begin and end anywhere in a line or a character.
   *
   * @param error whether the job wrote them to its standard error
   */
  void print(Timestamp time, boolean error, ByteString data) throws IOException;
}
