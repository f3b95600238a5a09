package io.joblet.storage.host.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A kernel structure as bytes in the machine's order, read and written at given offsets. */
record Struct(ByteBuffer bytes) {
  static Struct of(byte[] bytes) {
    return new Struct(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
  }

  Struct putLong(int offset, long value) {
    bytes.putLong(offset, value);
    return this;
  }

  Struct putInt(int offset, int value) {
    bytes.putInt(offset, value);
    return this;
  }

  Struct putText(int offset, byte[] text) {
    bytes.put(offset, text);
    return this;
  }

  long getLong(int offset) {
    return bytes.getLong(offset);
  }

  int getInt(int offset) {
    return bytes.getInt(offset);
  }

  int getShort(int offset) {
    return Short.toUnsignedInt(bytes.getShort(offset));
  }
}
