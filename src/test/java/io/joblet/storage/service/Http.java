package io.joblet.storage.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Plain HTTP/1.1 on the daemon's Unix socket, which no client library of the JDK can. */
final class Http {
  private Http() {}

  /** What came back. */
  record Answer(int status, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }
  }

  static Answer ask(String socket, String verb, String path, String body, String... headers)
      throws IOException {
    try (SocketChannel channel = connect(socket)) {
      send(channel, verb, path, body, headers);
      return answer(new String(Channels.newInputStream(channel).readAllBytes(), UTF_8));
    }
  }

  /** What comes back to those bytes, which need be no HTTP. */
  static Answer raw(String socket, byte[] request) throws IOException {
    try (SocketChannel channel = connect(socket)) {
      try {
        write(channel, request);
      } catch (IOException e) {
        // Who refuses something large may answer and close before it has all of it.
        if (request.length < 1 << 13) {
          throw e;
        }
      }
      return answer(new String(Channels.newInputStream(channel).readAllBytes(), UTF_8));
    }
  }

  /** Everything up to a text; the stream may never end. */
  static String until(String socket, String path, String text, String... headers)
      throws IOException {
    try (SocketChannel channel = connect(socket)) {
      send(channel, "GET", path, "", headers);
      InputStream in = Channels.newInputStream(channel);
      StringBuilder read = new StringBuilder();
      while (read.indexOf(text) < 0) {
        int next = in.read();
        if (next < 0) {
          throw new AssertionError("the stream ended: " + read);
        }
        read.append((char) next);
      }
      return read.toString();
    }
  }

  static SocketChannel connect(String socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return channel;
  }

  private static void send(
      SocketChannel channel, String verb, String path, String body, String... headers)
      throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    boolean typed = Arrays.stream(headers).anyMatch(h -> h.startsWith("Content-Type"));
    String head =
        verb
            + " "
            + path
            + " HTTP/1.1\r\nHost: local\r\nConnection: close\r\n"
            + (bytes.length == 0 || typed ? "" : "Content-Type: application/json\r\n")
            + "Content-Length: "
            + bytes.length
            + "\r\n"
            + Arrays.stream(headers).map(h -> h + "\r\n").reduce("", String::concat)
            + "\r\n";
    write(channel, head.getBytes(UTF_8));
    try {
      write(channel, bytes);
    } catch (IOException e) {
      // Who refuses a large body may answer and close before it has all of it.
      if (bytes.length < 1 << 20) {
        throw e;
      }
    }
  }

  static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static Answer answer(String text) {
    String[] parts = text.split("\r\n\r\n", 2);
    String[] lines = parts[0].split("\r\n");
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      String[] header = lines[i].split(": ", 2);
      headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
    }
    return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, parts[1]);
  }
}
