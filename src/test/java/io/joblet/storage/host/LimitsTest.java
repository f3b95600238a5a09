package io.joblet.storage.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {

  @ParameterizedTest
  @ValueSource(longs = {-1, 4294967295L, 4294967296L, 4294967297L, Long.MAX_VALUE, Long.MIN_VALUE})
  void operationsThatTheKernelWouldAlterAreRefused(long value) {
    assertThatThrownBy(() -> new IoLimits(0, 0, value, 0)).hasMessageContaining("" + value);
    assertThatThrownBy(() -> new IoLimits(0, 0, 0, value)).hasMessageContaining("" + value);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1, 4095, Long.MIN_VALUE})
  void bytesThatWouldHoldAPageForSecondsAreRefused(long value) {
    assertThatThrownBy(() -> new IoLimits(value, 0, 0, 0)).hasMessageContaining("" + value);
    assertThatThrownBy(() -> new IoLimits(0, value, 0, 0)).hasMessageContaining("" + value);
  }

  @Test
  void theStricterOfTwoHoldsForEachNumber() {
    IoLimits one = new IoLimits(4096, 9000, 0, 0);
    IoLimits other = new IoLimits(8192, 5000, 3, 0);
    assertThat(one.and(other)).isEqualTo(new IoLimits(4096, 5000, 3, 0));
    assertThat(one.and(IoLimits.NONE)).isEqualTo(one);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1, 65536, 1048577, Long.MAX_VALUE})
  void memoryThatTheKernelWouldRoundIsRefused(long value) {
    assertThatThrownBy(() -> new JobLimits(0, value)).hasMessageContaining("" + value);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 4194305, Long.MAX_VALUE})
  void moreProcessesThanThereAreIdsAreRefused(long value) {
    assertThatThrownBy(() -> new JobLimits(value, 0)).hasMessageContaining("" + value);
  }
}
