package io.joblet.storage.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.CreateTokenRequest;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who goes away in the middle of an answer is nobody's fault, and nothing for the log. */
@QuarkusTest
class HangUpTest extends ServiceTest {
  private static final int OFTEN = 40;

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
