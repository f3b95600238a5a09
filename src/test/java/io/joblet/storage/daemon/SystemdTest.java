package io.joblet.storage.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdTest {
  @TempDir Path directory;

  @Test
  void sendsOneDatagramToTheSocketItIsGiven() throws Exception {
    Epoll.ensureAvailability();
    Path address = directory.resolve("notify");
    Socket systemd = Socket.newSocketDomainDgram();
    try {
      systemd.bind(new DomainSocketAddress(address.toString()));
      Systemd.send(address.toString(), "READY=1");
      ByteBuffer received = ByteBuffer.allocateDirect(64);
      int length = systemd.recvFromDomainSocket(received, 0, 64).receivedAmount();
      assertThat(UTF_8.decode(received.limit(length)).toString()).isEqualTo("READY=1");
    } finally {
      systemd.close();
    }
  }

  @Test
  void tellsWhenNobodyListens() {
    assertThatThrownBy(() -> Systemd.send(directory.resolve("absent").toString(), "READY=1"))
        .isInstanceOf(IOException.class);
  }
}
