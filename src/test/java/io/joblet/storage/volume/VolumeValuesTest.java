package io.joblet.storage.volume;

import static io.joblet.storage.volume.VolumeState.AVAILABLE;
import static io.joblet.storage.volume.VolumeState.CREATING;
import static io.joblet.storage.volume.VolumeState.DELETING;
import static io.joblet.storage.volume.VolumeState.LOST;
import static io.joblet.storage.volume.VolumeState.PURGING;
import static io.joblet.storage.volume.VolumeState.TRASHED;
import static io.joblet.storage.volume.VolumeState.UNDELETING;
import static io.joblet.storage.volume.VolumeState.UPDATING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, labels and the table of states. */
class VolumeValuesTest {
  private static final Map<VolumeState, Set<VolumeState>> LEGAL =
      Map.of(
          CREATING, EnumSet.of(AVAILABLE),
          AVAILABLE, EnumSet.of(UPDATING, DELETING, PURGING, LOST),
          UPDATING, EnumSet.of(AVAILABLE),
          DELETING, EnumSet.of(TRASHED, PURGING, AVAILABLE),
          TRASHED, EnumSet.of(UNDELETING, PURGING),
          UNDELETING, EnumSet.of(AVAILABLE, TRASHED, LOST),
          PURGING, EnumSet.noneOf(VolumeState.class),
          LOST, EnumSet.of(AVAILABLE, PURGING));

  @ParameterizedTest
  @ValueSource(strings = {"a", "A9", "my-data_2", "0", "a--b"})
  void takesNames(String name) {
    assertThat(new VolumeName(name).text()).isEqualTo(name);
  }

  @Test
  void takesTheLongestNameAndNotOneMore() {
    assertThat(new VolumeName("a".repeat(63)).text()).hasSize(63);
    assertThatThrownBy(() -> new VolumeName("a".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-a", "a-", "_a", "a.b", "a b", "a/b", "..", "a\n", "a\0", "é", "a,b"})
  void refusesNames(String name) {
    assertThatThrownBy(() -> new VolumeName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(VolumeName.RULE);
  }

  @Test
  void takesLabelsAndSortsThem() {
    Map<String, String> entries = new HashMap<>();
    entries.put("team.example/x", "naïve; anything, really");
    entries.put("b", "");
    entries.put("a", "v".repeat(255));

    assertThat(new Labels(entries).sorted().keySet()).containsExactly("a", "b", "team.example/x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a/", "a b", "é", "a=b", "a\0"})
  void refusesLabelKeys(String key) {
    assertThatThrownBy(() -> new Labels(Map.of(key, "v")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("\0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0", "a\nb", "\u007f"})
  void refusesLabelValues(String value) {
    assertThatThrownBy(() -> new Labels(Map.of("key", value)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void goesFromStateToStateByTheTableOnly() {
    for (VolumeState from : VolumeState.values()) {
      for (VolumeState to : VolumeState.values()) {
        Volume volume = new Volume();
        volume.state = from;
        if (LEGAL.get(from).contains(to)) {
          assertThatCode(() -> volume.become(to)).doesNotThrowAnyException();
          assertThat(volume.state()).isEqualTo(to);
        } else {
          assertThatThrownBy(() -> volume.become(to)).isInstanceOf(IllegalStateException.class);
          assertThat(volume.state()).isEqualTo(from);
        }
      }
    }
  }

  @Test
  void everyTransitionalStateHasAWayOutButTheLast() {
    for (VolumeState state : VolumeState.values()) {
      assertThat(state.next().isEmpty()).as(state.name()).isEqualTo(state == PURGING);
      assertThat(state.transitional()).isEqualTo(state.name().endsWith("ING"));
    }
  }
}
