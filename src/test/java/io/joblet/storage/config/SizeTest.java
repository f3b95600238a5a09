package io.joblet.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "512, 512",
    "512B, 512",
    "10KB, 10240",
    "10k, 10240",
    "5MB, 5242880",
    "1GB, 1073741824",
    "100Mi, 104857600",
    "100MiB, 104857600",
    "2Gi, 2147483648",
    "1.5GB, 1610612736",
    "0.5KiB, 512",
    "1.0, 1",
    "' 7 MB ', 7340032",
    "+1K, 1024",
    "-0, 0",
    "8191PiB, 9222246136947933184",
    "9223372036854775807, 9223372036854775807",
    "7.9999999999990905052982270717620849609375TiB, 8796093022207"
  })
  void isExact(String text, long bytes) {
    assertThat(Size.of(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "MB", "ten", "1,5GB", "1e3", "0x10", ".5K", "5.K", "1 2", "--1", "1_000", "NaN",
        "1\u0000", "\u0661", "1\nK"
      })
  void refusesNonsense(String text) {
    assertThatThrownBy(() -> Size.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5bb", "5KiBB", "5KBi", "5i", "5iB", "5EB", "5XB", "5MM", "5mib5"})
  void refusesUnknownUnits(String text) {
    assertThatThrownBy(() -> Size.of(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "8192PiB", "8192P", "99999999999999999999999PB"})
  void refusesWhatIsBeyondTheLargest(String text) {
    assertThatThrownBy(() -> Size.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("larger than the largest size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-0.5K", "-9223372036854775808"})
  void refusesNegativeOnes(String text) {
    assertThatThrownBy(() -> Size.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not be negative");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.5", "1.0001K", "0.1MB"})
  void refusesFractionsOfAByte(String text) {
    assertThatThrownBy(() -> Size.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a whole number of bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1 KiB",
    "1610612736, 1.5 GiB",
    "9223372036854775807, 8 EiB"
  })
  void readsWellForPeople(long bytes, String text) {
    assertThat(new Size(bytes).human()).isEqualTo(text);
  }
}
