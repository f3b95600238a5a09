package io.joblet.storage.cli.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.io.IOException;

/** Only what came from one of the two streams. */
public record OnePrinter(Printer printer, boolean wanted) implements Printer {
  @Override
  public void print(Timestamp time, boolean error, ByteString data) throws IOException {
    if (error == wanted) {
      printer.print(time, error, data);
    }
  }
}
