package io.joblet.storage.cli.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.joblet.storage.cli.output.Shown;
import java.io.IOException;

/** Puts the time before each line: RFC 3339 in UTC, and a space. */
public final class StampedPrinter implements Printer {
  private final Printer printer;
  private boolean withinLineOfOutput;
  private boolean withinLineOfErrors;

  public StampedPrinter(Printer printer) {
    this.printer = printer;
  }

  @Override
  public void print(Timestamp time, boolean error, ByteString data) throws IOException {
    ByteString stamp = ByteString.copyFromUtf8(Shown.instant(time) + " ");
    boolean within = error ? withinLineOfErrors : withinLineOfOutput;
    ByteString.Output stamped = ByteString.newOutput(data.size() + stamp.size());
    for (int from = 0; from < data.size(); ) {
      int to = endOfLine(data, from);
      if (!within) {
        stamp.writeTo(stamped);
      }
      data.substring(from, to).writeTo(stamped);
      within = data.byteAt(to - 1) != '\n';
      from = to;
    }
    if (error) {
      withinLineOfErrors = within;
    } else {
      withinLineOfOutput = within;
    }
    printer.print(time, error, stamped.toByteString());
  }

  private static int endOfLine(ByteString data, int from) {
    int at = from;
    while (at < data.size() && data.byteAt(at) != '\n') {
      at++;
    }
    return Math.min(at + 1, data.size());
  }
}
