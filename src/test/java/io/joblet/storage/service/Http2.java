package io.joblet.storage.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/** Frames of HTTP/2 (RFC 9113) as a client that knows the server speaks it sends them. */
final class Http2 {
  private static final byte DATA = 0;
  private static final byte HEADERS = 1;
  private static final byte RST_STREAM = 3;
  private static final byte SETTINGS = 4;
  private static final byte END_STREAM = 0x1;
  private static final byte HEADERS_ALONE = 0x4;
  private static final byte END_STREAM_AND_HEADERS = 0x5;
  private static final int STREAM = 1;
  private static final int CANCEL = 8;

  private Http2() {}

  /** All that a client says first, and its GET on stream 1. */
  static byte[] get(String path) {
    // RFC 7541: GET and http from the static table, then :authority and :path as literals.
    byte[] fields =
        ByteBuffer.allocate(path.length() + 11)
            .put(new byte[] {(byte) 0x82, (byte) 0x86, 0x01, 5})
            .put("local".getBytes(US_ASCII))
            .put(new byte[] {0x04, (byte) path.length()})
            .put(path.getBytes(US_ASCII))
            .array();
    return opening(frame(HEADERS, END_STREAM_AND_HEADERS, STREAM, fields), new byte[0]);
  }

  /** All that a client says first, and a call of gRPC on stream 1 with those bytes for a body. */
  static byte[] call(String path, byte[] body) {
    // RFC 7541: POST and http from the static table; content-type is its 31st.
    byte[] fields =
        ByteBuffer.allocate(path.length() + 43)
            .put(new byte[] {(byte) 0x83, (byte) 0x86, 0x01, 5})
            .put("local".getBytes(US_ASCII))
            .put(new byte[] {0x04, (byte) path.length()})
            .put(path.getBytes(US_ASCII))
            .put(new byte[] {0x0f, 0x10, 16})
            .put("application/grpc".getBytes(US_ASCII))
            .put(new byte[] {0x00, 2})
            .put("te".getBytes(US_ASCII))
            .put((byte) 8)
            .put("trailers".getBytes(US_ASCII))
            .array();
    return opening(
        frame(HEADERS, HEADERS_ALONE, STREAM, fields), frame(DATA, END_STREAM, STREAM, body));
  }

  private static byte[] opening(byte[] headers, byte[] data) {
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    byte[] settings = frame(SETTINGS, (byte) 0, 0, new byte[0]);
    return ByteBuffer.allocate(preface.length + settings.length + headers.length + data.length)
        .put(preface)
        .put(settings)
        .put(headers)
        .put(data)
        .array();
  }

  /** That the client no longer wants stream 1. */
  static byte[] reset() {
    return frame(RST_STREAM, (byte) 0, STREAM, ByteBuffer.allocate(4).putInt(CANCEL).array());
  }

  private static byte[] frame(byte type, byte flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) 0)
        .putShort((short) payload.length)
        .put(type)
        .put(flags)
        .putInt(stream)
        .put(payload)
        .array();
  }
}
