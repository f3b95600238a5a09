package io.joblet.storage.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/**
 * Who resets a connection over TLS in the middle of a body, and who comes with a bad certificate.
 */
@QuarkusTest
class RemoteHangUpTest extends RemoteTest {
  private static final int OFTEN = 20;

  @Test
  void aResetInTheMiddleOfABodyIsNothingForTheLog() throws Exception {
    SSLContext henry = Https.context(authority, Remote.issued(authority, "henry", "maintainer"));
    try (Faults faults = new Faults()) {
      for (int i = 0; i < OFTEN; i++) {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), tlsUrl.getPort());
        SSLSocket secure =
            (SSLSocket) henry.getSocketFactory().createSocket(plain, "joblet", 0, false);
        OutputStream out = secure.getOutputStream();
        String head =
            "POST /api/v1/volumes HTTP/1.1\r\nHost: joblet\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000\r\n\r\n{";
        out.write(head.getBytes(UTF_8));
        out.flush();
        Thread.sleep(20);
        // Closed so, it is a reset: socket(7), SO_LINGER.
        plain.setSoLinger(true, 0);
        plain.close();
      }
      as("henry", "maintainer").volumes().createVolume(wanted("data").build());

      assertThat(faults.lines).isEmpty();
    }
  }

  @Test
  void aCertificateThatHasExpiredIsNothingForTheLog() throws Exception {
    SSLContext late = Https.context(authority, Remote.expired(authority, "henry", "maintainer"));
    try (Faults faults = new Faults();
        Socket secure =
            late.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), tlsUrl.getPort())) {
      try {
        secure.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
        secure.getInputStream().read();
      } catch (java.io.IOException refused) {
        // As it has to be.
      }
      as("henry", "maintainer").volumes().createVolume(wanted("data").build());

      assertThat(faults.lines).isEmpty();
    }
  }
}
