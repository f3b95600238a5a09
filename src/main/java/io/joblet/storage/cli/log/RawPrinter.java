package io.joblet.storage.cli.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.joblet.storage.cli.shell.Surroundings;
import java.io.IOException;

/** Byte for byte to the streams of the same names, without a buffer. */
public record RawPrinter(Surroundings surroundings) implements Printer {
  @Override
  public void print(Timestamp time, boolean error, ByteString data) throws IOException {
    data.writeTo(error ? surroundings.stderr() : surroundings.stdout());
  }
}
