package io.joblet.storage.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.CreateTokenRequest;
import io.netty.handler.ssl.SslClosedEngineException;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who goes away in the middle of an answer is nobody's fault, and nothing for the log. */
@QuarkusTest
class HangUpTest extends ServiceTest {
  private static final int OFTEN = 40;

  @Inject Router router;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/webjars/swagger-ui/5.34.1/swagger-ui-bundle.js",
        "/api/docs/index.html",
        "/api/v1/openapi.json",
        "/api/v1/volumes",
        "/api/v1/events",
        "/console/volumes",
        "/console/assets/console.css",
        "/q/metrics"
      })
  void leavesNoFaultInTheLog(String path) throws IOException {
    try (Faults faults = new Faults()) {
      for (int i = 0; i < OFTEN; i++) {
        try (SocketChannel channel = Http.connect(config.socket())) {
          channel.setOption(StandardSocketOptions.SO_RCVBUF, 1024);
          Http.write(channel, ("GET " + path + " HTTP/1.1\r\nHost: local\r\n\r\n").getBytes(UTF_8));
          if (i % 2 == 0) {
            channel.read(ByteBuffer.allocate(1));
          }
        }
      }
      answersOthers();

      assertThat(faults.lines).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/docs/", "/api/v1/openapi.json", "/api/v1/volumes", "/q/metrics"})
  void leavesNoFaultInTheLogByHttp2(String path) throws IOException {
    try (Faults faults = new Faults()) {
      for (int i = 0; i < OFTEN; i++) {
        try (SocketChannel channel = Http.connect(config.socket())) {
          Http.write(channel, Http2.get(path));
          if (i % 2 == 0) {
            channel.read(ByteBuffer.allocate(1));
          }
          if (i % 3 > 0) {
            Http.write(channel, Http2.reset());
            // The server shall see the reset before the end of the connection.
            channel.read(ByteBuffer.allocate(1 << 10));
          }
        }
      }
      answersOthers();

      assertThat(faults.lines).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 10, 2 << 20})
  void leavesNoFaultInTheLogInTheMiddleOfABody(int length) throws IOException {
    String secret =
        AccessServiceGrpc.newBlockingStub(channel())
            .createToken(
                CreateTokenRequest.newBuilder()
                    .setName("ci")
                    .setOwner("henry")
                    .setRole("admin")
                    .build())
            .getSecret();
    try (Faults faults = new Faults()) {
      for (int i = 0; i < OFTEN; i++) {
        try (SocketChannel channel = Http.connect(config.socket())) {
          String head =
              "POST /api/v1/volumes HTTP/1.1\r\nHost: local\r\nContent-Type: application/json\r\n"
                  + (i % 2 == 0 ? "" : "Authorization: Bearer " + secret + "\r\n")
                  + "Content-Length: "
                  + length
                  + "\r\n\r\n{";
          Http.write(channel, head.getBytes(UTF_8));
        }
      }
      answersOthers();

      assertThat(faults.lines).isEmpty();
    } finally {
      rows.change("delete from api_token");
    }
  }

  static List<Throwable> ofGoneClients() {
    return List.of(
        new ClosedChannelException(),
        new SSLException("closing inbound before receiving peer's close_notify"),
        new SslClosedEngineException("SSLEngine closed already"),
        new IOException("Connection reset by peer"),
        new HttpClosedException("Connection was closed"),
        new StreamResetException(8),
        new IllegalArgumentException("Stream no longer exists: 3"));
  }

  @ParameterizedTest
  @MethodSource("ofGoneClients")
  void isNoFaultHoweverItIsTold(Throwable failure) throws Exception {
    for (String path : List.of("/api/v1/gone", "/console/gone", "/gone")) {
      CountDownLatch failed = new CountDownLatch(1);
      Route failing =
          router
              .get(path)
              .order(Integer.MIN_VALUE + 1)
              .handler(http -> {
                failed.countDown();
                http.fail(failure);
              });
      try (Faults faults = new Faults();
          SocketChannel channel = Http.connect(config.socket())) {
        Http.write(channel, ("GET " + path + " HTTP/1.1\r\nHost: local\r\n\r\n").getBytes(UTF_8));
        assertThat(failed.await(1, TimeUnit.MINUTES)).isTrue();
        answersOthers();

        assertThat(faults.lines).as(path).isEmpty();
      } finally {
        failing.remove();
      }
    }
  }

  @Test
  void aFieldWithHalfOfASurrogatePairIsNoFault() throws IOException {
    try (Faults faults = new Faults()) {
      Http.Answer refused =
          Http.ask(config.socket(), "POST", "/api/v1/volumes", "{\"na\\ud800me\": 1}");

      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.body()).contains("\"na?me\"");
      assertThat(faults.lines).isEmpty();
    }
  }

  /** Anybody can send that, and it is nothing for the log. */
  @Test
  void aCompressedMessageThatNamesNoCompressionIsNoFault() throws IOException {
    try (Faults faults = new Faults()) {
      for (int i = 0; i < OFTEN; i++) {
        try (SocketChannel channel = Http.connect(config.socket())) {
          Http.write(
              channel,
              Http2.call(
                  "/joblet.storage.v1.VolumeService/GetVolume", new byte[] {1, 0, 0, 0, 2, 1, 2}));
          channel.read(ByteBuffer.allocate(1 << 10));
        }
      }
      answersOthers();

      assertThat(faults.lines).isEmpty();
    }
  }

  /** What Netty says of connections that come while the daemon stops is not printed. */
  @Test
  void isToldNothingOfAConnectionThatComesTooLate() {
    // Beside what prints there is, in tests alone, what tells Quarkus of every exception.
    List<ConsoleHandler> printers =
        Stream.of(InitialConfigurator.DELAYED_HANDLER.getHandlers())
            .filter(ConsoleHandler.class::isInstance)
            .map(ConsoleHandler.class::cast)
            .toList();
    assertThat(printers).isNotEmpty();
    for (ConsoleHandler printer : printers) {
      assertThat(printer.isLoggable(warning("Failed to register an accepted channel: [id: 0x1]")))
          .as("%s", printer)
          .isFalse();
      assertThat(printer.isLoggable(warning("Unknown channel option"))).isTrue();
    }
  }

  private static LogRecord warning(String message) {
    LogRecord line = new LogRecord(Level.WARNING, message);
    line.setLoggerName("io.netty.bootstrap.ServerBootstrap");
    line.setThrown(new IllegalStateException());
    return line;
  }

  private void answersOthers() throws IOException {
    for (int i = 0; i < OFTEN; i++) {
      assertThat(Http.ask(config.socket(), "GET", "/api/v1/volumes", "").status()).isEqualTo(200);
    }
  }
}
