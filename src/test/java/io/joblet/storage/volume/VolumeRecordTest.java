package io.joblet.storage.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a record says, and what is refused of one that somebody else may have written. */
class VolumeRecordTest {
  private static final UUID ID = UUID.fromString("0199f5a1-0000-7000-8000-000000000001");

  private static Volume volume() {
    Volume volume = new Volume();
    volume.id = ID;
    volume.owner = "alice";
    volume.name = "data";
    volume.type = VolumeType.FILESYSTEM;
    volume.provider = ProviderName.BTRFS;
    volume.sizeBytes = 1 << 20;
    volume.qgroup = 256L;
    volume.uid = 4294967294L;
    volume.mode = 0755;
    volume.labels = Map.of("b", "\u00e4 \"quoted\" \\", "a", "");
    volume.createdAt = Instant.parse("2026-11-25T10:00:00.123456Z");
    volume.createdBy = "uid:0";
    return volume;
  }

  private static String text() {
    return new VolumeRecord(volume(), new TreeMap<>(Map.of("bob", true, "carol", false))).text();
  }

  /** The body changed, and its checksum made to fit again. */
  private static byte[] forged(String from, String to) throws Exception {
    String body = text().substring(text().indexOf('\n') + 1);
    assertThat(body).contains(from);
    return signed(body.replace(from, to));
  }

  private static byte[] signed(String body) throws Exception {
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(body.getBytes(UTF_8));
    String head = "joblet-volume 1 sha256:" + HexFormat.of().formatHex(sum);
    return (head + "\n" + body).getBytes(UTF_8);
  }

  @Test
  void isReadAsItWasWritten() {
    VolumeRecord read = VolumeRecord.parse(ID, text().getBytes(UTF_8));

    assertThat(read.text()).isEqualTo(text());
    assertThat(read.shares()).containsEntry("bob", true).containsEntry("carol", false);
    assertThat(read.volume().enforcement).isEqualTo(Enforcement.BTRFS_QGROUP);
    assertThat(read.volume().state()).isEqualTo(VolumeState.AVAILABLE);
  }

  @Test
  void isSmallEnoughForTheTreeOfBtrfs() {
    // max_inline is 2,048 bytes by default (btrfs(5)): more would take a block and a write of its
    // own.
    assertThat(text().length()).isLessThan(1024);
  }

  @Test
  void refusesOneByteOfDamageAnywhere() {
    byte[] whole = text().getBytes(UTF_8);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      assertThatThrownBy(() -> VolumeRecord.parse(ID, damaged))
          .as("byte %d", at)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesOneThatWasCutAnywhere() {
    byte[] whole = text().getBytes(UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> VolumeRecord.parse(ID, cut))
          .as("%d bytes", length)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesThatOfAnotherVolume() {
    assertThatThrownBy(() -> VolumeRecord.parse(new UUID(1, 2), text().getBytes(UTF_8)))
        .hasMessage("id: is another volume's");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "'\"name\":\"data\"' | '\"name\":\"../data\"' | name:",
        "'\"name\":\"data\"' | '\"name\":\"da/ta\"' | name:",
        "'\"name\":\"data\"' | '\"name\":17' | name: must be a text",
        "'\"owner\":\"alice\"' | '\"owner\":\"..\"' | owner:",
        "'\"owner\":\"alice\"' | '\"owner\":\"\"' | owner:",
        "'\"owner\":\"alice\",' | '' | owner: is missing",
        "'\"provider\":\"btrfs\"' | '\"provider\":\"BTRFS\"' | provider:",
        "'\"provider\":\"btrfs\"' | '\"provider\":\"zfs\"' | provider:",
        "'\"provider\":\"btrfs\"' | '\"provider\":\"loop\"' | qgroup:",
        "'\"provider\":\"btrfs\"' | '\"provider\":\"memory\"' | provider:",
        "'\"type\":\"FILESYSTEM\"' | '\"type\":\"MEMORY\"' | provider:",
        "'\"size_bytes\":1048576' | '\"size_bytes\":0' | size_bytes:",
        "'\"size_bytes\":1048576' | '\"size_bytes\":-1' | size_bytes:",
        "'\"size_bytes\":1048576' | '\"size_bytes\":9223372036854775808' | size_bytes:",
        "'\"size_bytes\":1048576' | '\"size_bytes\":1152921504606846977' | size_bytes:",
        "'\"size_bytes\":1048576' | '\"size_bytes\":1048576.5' | size_bytes:",
        "'\"size_bytes\":1048576' | '\"size_bytes\":\"1048576\"' | size_bytes:",
        "'\"size_bytes\":1048576' | '\"size_bytes\":1e400' | size_bytes:",
        "'\"inode_limit\":0' | '\"inode_limit\":1125899906842625' | inode_limit:",
        "'\"qgroup\":256' | '\"qgroup\":281474976710656' | qgroup:",
        "'\"qgroup\":256' | '\"qgroup\":null' | qgroup:",
        "'\"uid\":4294967294' | '\"uid\":4294967295' | uid:",
        "'\"mode\":493' | '\"mode\":2541' | mode:",
        "'\"protected\":false' | '\"protected\":0' | protected:",
        "'\"idle_timeout_seconds\":null' | '\"idle_timeout_seconds\":5' | idle_timeout_seconds:",
        "'\"idle_timeout_seconds\":null' | '\"idle_timeout_seconds\":315360001' | 'idle_timeout_seconds: must be from 1 to'",
        "'\"labels\":{' | '\"labels\":{\"-\":\"x\",' | 'labels: key'",
        "'\"a\":\"\"' | '\"a\":{}' | labels:",
        "'\"a\":\"\"' | '\"a\":\"\\u001b[2J\"' | 'labels: value of'",
        "'\"bob\":true' | '\"../bob\":true' | shares:",
        "'\"bob\":true' | '\"alice\":true' | shares:",
        "'\"bob\":true' | '\"bob\":\"true\"' | shares:",
        "'\"created_at\":\"2026' | '\"created_at\":\"+999992026' | created_at:",
        "'\"created_at\":\"2026' | '\"created_at\":\"x2026' | created_at:",
        "'\"created_by\":\"uid:0\"' | '\"created_by\":\"\\n\"' | created_by:",
        "'\"created_by\":\"uid:0\"' | '\"created_by\":\"uid:0\",\"state\":\"LOST\"' | state: is not known",
        "'\"name\":\"data\"' | '\"name\":\"data\",\"name\":\"other\"' | no JSON",
      })
  void refusesWhatTheRowCouldNotSay(String from, String to, String why) throws Exception {
    byte[] record = forged(from, to);

    assertThatThrownBy(() -> VolumeRecord.parse(ID, record))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "17", "{}", "{} {}", "{", "\u0000"})
  void refusesWhatIsNoRecord(String body) throws Exception {
    byte[] record = signed(body);

    assertThatThrownBy(() -> VolumeRecord.parse(ID, record))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesADepthThatWouldOverflowTheStack() throws Exception {
    byte[] record = signed("[".repeat(100_000) + "]".repeat(100_000));

    assertThatThrownBy(() -> VolumeRecord.parse(ID, record))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesANewerVersion() {
    byte[] newer = text().replaceFirst("joblet-volume 1", "joblet-volume 2").getBytes(UTF_8);

    assertThatThrownBy(() -> VolumeRecord.parse(ID, newer))
        .hasMessage("is no record of a version that this daemon knows");
  }
}
