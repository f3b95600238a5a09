package io.joblet.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigValidationException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SocketOwnerTest {
  @Test
  void isAnOwnersNameOrTheSettingIsRefusedWithTheRule() {
    assertThat(Settings.of(Map.of()).socketOwner().text()).isEqualTo("root");
    assertThat(Settings.of(Map.of("joblet.socket-owner", "ops")).socketOwner().text())
        .isEqualTo("ops");

    assertThatThrownBy(() -> Settings.of(Map.of("joblet.socket-owner", "a/b")))
        .isInstanceOf(ConfigValidationException.class)
        .hasMessageContaining("joblet.socket-owner")
        .hasMessageContaining("a/b")
        .hasMessageContaining(OwnerName.RULE);
  }
}
