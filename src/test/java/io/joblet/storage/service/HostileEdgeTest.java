package io.joblet.storage.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.stub.ClientCalls;
import io.joblet.storage.event.EventFeed;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.joblet.storage.v1.WatchVolumesRequest;
import io.joblet.storage.v1.WatchVolumesResponse;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever somebody sends or does not read: others are served, and nothing is stored. */
@QuarkusTest
class HostileEdgeTest extends RemoteTest {
  private static final int IDLE = 1000;
  private static final int LARGE = 2 << 20;
  private static final String LIST = "GET /api/v1/volumes HTTP/1.1\r\nHost: local\r\n";

  @Inject EventFeed feed;

  /** Half of them say nothing, half stop in the middle of a request. */
  @Test
  void aThousandIdleConnectionsToTheSocketHoldUpNobody() throws IOException {
    List<SocketChannel> idle = new ArrayList<>();
    try {
      for (int i = 0; i < IDLE; i++) {
        SocketChannel channel = Http.connect(config.socket());
        idle.add(channel);
        if (i % 2 == 0) {
          Http.write(channel, LIST.getBytes(UTF_8));
        }
      }

      othersAreServed();

      for (SocketChannel channel : idle.subList(0, 4)) {
        Http.write(
            channel, (idle.indexOf(channel) % 2 == 0 ? "\r\n" : LIST + "\r\n").getBytes(UTF_8));
        assertThat(firstLine(Channels.newInputStream(channel))).isEqualTo("HTTP/1.1 200 OK");
      }
    } finally {
      for (SocketChannel channel : idle) {
        channel.close();
      }
    }
  }

  /** Most do not even begin to shake hands, for which the server waits 10 seconds. */
  @Test
  void aThousandIdleConnectionsByTlsHoldUpNobody() throws Exception {
    SSLContext tls = Https.context(authority, Remote.issued(authority, "eve", "reader"));
    List<SSLSocket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < IDLE; i++) {
        idle.add(connected(tls));
        if (i % 20 == 0) {
          idle.getLast().startHandshake();
        }
      }

      othersAreServed();

      SSLSocket one = idle.getFirst();
      one.getOutputStream().write((LIST + "\r\n").getBytes(UTF_8));
      assertThat(firstLine(one.getInputStream())).isEqualTo("HTTP/1.1 200 OK");
    } finally {
      for (SSLSocket socket : idle) {
        socket.close();
      }
    }
  }

  private SSLSocket connected(SSLContext tls) {
    try {
      SSLSocket socket =
          (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", tlsUrl.getPort());
      socket.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By connections that begin now. */
  private void othersAreServed() throws IOException {
    Remote alice = as("alice", "maintainer");
    alice.volumes().createVolume(wantedInMemory("hers").build());
    assertThat(Http.ask(config.socket(), "GET", "/api/v1/volumes/alice%2Fhers", "").status())
        .isEqualTo(200);
    assertThat(get("alice/hers").getStatus()).isEqualTo("available");
  }

  private static String firstLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
      line.write(next);
    }
    return line.toString(ISO_8859_1);
  }

  /** What it has not taken stays in the database: dropped there, it is not in the daemon either. */
  @Test
  void aReaderOfEventsThatDoesNotReadHasLittleKeptForItAndHoldsUpNobody() throws IOException {
    int count = 10_000;
    long start = feed.last();
    try (SocketChannel slow = Http.connect(config.socket())) {
      rows.change(
          "insert into volume_event (node_id, kind, volume_id, volume_name, owner, reason,"
              + " happened_at) select (select id from node), 'UPDATED', gen_random_uuid(),"
              + " 'flood', 'root', repeat('x', 1000), now() from generate_series(1, ?)",
          count);
      String path = "/api/v1/events?after_position=" + start;
      Http.write(slow, ("GET " + path + " HTTP/1.1\r\nHost: local\r\n\r\n").getBytes(UTF_8));
      ByteBuffer first = ByteBuffer.allocate(1);
      assertThat(slow.read(first)).isEqualTo(1);

      assertThat(eventsAfter(start)).isEqualTo(count);
      othersAreServed();
      feed.forgetBefore(Instant.now().plusSeconds(60));

      String told = new String(Channels.newInputStream(slow).readAllBytes(), UTF_8);
      assertThat(told.length()).isLessThan(4 << 20).isLessThan(count * 1000 / 2);
      assertThat(told).contains("event: updated", "event: problem", "KEPT_NO_LONGER");
    } finally {
      rows.change("delete from volume_event where volume_name = 'flood'");
    }
  }

  private int eventsAfter(long position) {
    int count = 0;
    try (Context.CancellableContext watching = Context.current().withCancellation()) {
      Iterator<WatchVolumesResponse> stream =
          watching
              .wrap(() ->
                  volumes.watchVolumes(
                      WatchVolumesRequest.newBuilder().setAfterPosition(position).build()))
              .call();
      while (stream.next().hasEvent()) {
        count++;
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return count;
  }

  @Test
  void whatIsTooLargeIsRefusedByEveryEdgeAndStoresNothing() throws Exception {
    Footprint before = footprint();

    Refused refused = Refused.by(() -> create(wanted("data").putLabels("note", "x".repeat(LARGE))));
    assertThat(refused.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(refused.message()).isEqualTo("the request must be at most 1048576 bytes");
    byte[] chunk = "x".repeat(LARGE).getBytes(UTF_8);
    assertThat(
            status(
                "POST /api/v1/volumes HTTP/1.1\r\nHost: local\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(chunk.length)
                    + "\r\n"
                    + new String(chunk, UTF_8)
                    + "\r\n0\r\n\r\n"))
        .isEqualTo(413);
    assertThat(status(LIST + "X-Large: " + "x".repeat(LARGE) + "\r\n\r\n")).isEqualTo(431);
    assertThat(
            status("GET /api/v1/volumes/" + "x".repeat(LARGE) + " HTTP/1.1\r\nHost: local\r\n\r\n"))
        .isEqualTo(414);
    Browsing ops =
        new Browsing(tlsUrl.getPort(), authority, Remote.issued(authority, "ops", "admin"));
    ops.get("/volumes");
    assertThat(ops.post("/volumes/new", Map.of("name", "x".repeat(128 << 10))).statusCode())
        .isEqualTo(413);

    assertThat(footprint()).isEqualTo(before);
    othersAreServed();
  }

  private int status(String request) throws IOException {
    return Http.raw(config.socket(), request.getBytes(ISO_8859_1)).status();
  }

  static List<String> noJson() {
    return List.of(
        "{",
        "{\"name\":",
        "nul",
        "[]",
        "\"name\"",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "{\"name\":\"a\"} {}",
        "{'name':'a'}",
        "{\"name\":\"a\0\"}",
        "{\"name\":\"\u00e9\"}",
        "{\"name\":{\"name\":{}}}",
        "{\"labels\":" + "[".repeat(100_000),
        "{\"labels\":" + "{\"a\":".repeat(100_000),
        "{\"size_bytes\":1e1000000000}",
        "{\"size_bytes\":" + "9".repeat(500_000) + "}",
        "{\"size_bytes\":1.5}",
        "{\"size_bytes\":NaN}",
        "\0\0\0{\u00ff\u00ff\u00ff\u00ff",
        "{\"" + "x".repeat(500_000) + "\":1}");
  }

  /** Neither a message, nor a text in UTF-8, nor all of what its length says. */
  @ParameterizedTest
  @ValueSource(strings = {"ffffffffff", "0a02c328", "0a7f61"})
  void aMessageThatIsNoneIsRefusedAsTheCallersFault(String hex) {
    Footprint before = footprint();
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(VolumeServiceGrpc.getCreateVolumeMethod().getFullMethodName())
            .setRequestMarshaller(new RawBytes())
            .setResponseMarshaller(new RawBytes())
            .build();

    Refused refused =
        Refused.by(() ->
            ClientCalls.blockingUnaryCall(
                channel(), method, CallOptions.DEFAULT, HexFormat.of().parseHex(hex)));

    assertThat(refused.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(refused.message()).isEqualTo("message: cannot be read");
    assertThat(footprint()).isEqualTo(before);
    assertThat(get(create("data").getId()).getStatus()).isEqualTo("available");
  }

  /** Bytes as they are: the one with an e acute is no UTF-8. */
  @ParameterizedTest
  @MethodSource("noJson")
  void malformedJsonIsRefusedAsSuchAndStoresNothing(String body) throws IOException {
    Footprint before = footprint();
    byte[] bytes = body.getBytes(ISO_8859_1);
    String head =
        "POST /api/v1/volumes HTTP/1.1\r\nHost: local\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + bytes.length
            + "\r\n\r\n";

    Http.Answer answer = Http.raw(config.socket(), (head + body).getBytes(ISO_8859_1));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.body()).contains("INVALID_REQUEST").hasSizeLessThan(4096);
    assertThat(answer.body()).doesNotContain("xception", "expect", "token", "com.", "Stream");
    assertThat(footprint()).isEqualTo(before);
  }
}
