package io.joblet.storage.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.joblet.storage.journal.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a volume's row says, as a file beside the data: enough to make the row again when the
 * database is lost. Where the data is tells whether the volume is in the trash, so that a record
 * need not change when it is moved there.
 *
 * <p>The first line is {@code joblet-volume 1 sha256:<of all that follows>}, the second a JSON
 * object. Whoever reads one trusts nothing in it: {@link #parse} checks every value as if it came
 * from a caller.
 *
 * @param volume of whom the columns that have to do with its life are not recorded
 * @param shares by owner, whether the sharing is for reading only
 */
public record VolumeRecord(Volume volume, SortedMap<String, Boolean> shares) {
  /** Bytes of the longest that is read; a request with as many labels is refused. */
  public static final int LONGEST = 2 << 20;

  /** Bytes of the largest ext4, 1 EiB: no volume has more, and sums of such stay numbers. */
  public static final long LARGEST_SIZE = 1L << 60;

  private static final String HEAD = "joblet-volume 1 sha256:";

  /** Of a volume that nobody else may see. */
  public static VolumeRecord of(Volume volume) {
    return new VolumeRecord(volume, new TreeMap<>());
  }

  /**
   * Of a volume of which nothing tells a name: a made up one, its size and quota group still to be
   * found out.
   */
  public static VolumeRecord nameless(UUID id, ProviderName provider, String owner) {
    Volume volume = new Volume();
    volume.id = id;
    volume.owner = owner;
    volume.name = "recovered-" + id.toString().substring(24);
    volume.type = VolumeType.FILESYSTEM;
    volume.provider = provider;
    volume.enforcement = provider.enforcement();
    volume.state = VolumeState.AVAILABLE;
    volume.mode = 0700;
    volume.labels = Map.of();
    volume.createdAt = madeAt(id);
    volume.createdBy = "daemon";
    return of(volume);
  }

  /** A UUIDv7 begins with the milliseconds of its time (RFC 9562). */
  private static Instant madeAt(UUID id) {
    return id.version() == 7
        ? Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16)
        : Instant.EPOCH;
  }

  /** The whole file; the same row always gives the same. */
  public String text() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", volume.id.toString());
    fields.put("owner", volume.owner);
    fields.put("name", volume.name);
    fields.put("type", volume.type.name());
    fields.put("provider", volume.provider.text());
    fields.put("size_bytes", volume.sizeBytes);
    fields.put("inode_limit", volume.inodeLimit);
    fields.put("qgroup", volume.qgroup);
    fields.put("uid", volume.uid);
    fields.put("gid", volume.gid);
    fields.put("mode", volume.mode);
    fields.put("protected", volume.isProtected);
    fields.put("idle_timeout_seconds", volume.idleTimeoutSeconds);
    fields.put("labels", new TreeMap<>(volume.labels));
    fields.put("shares", shares);
    fields.put("created_at", volume.createdAt.toString());
    fields.put("created_by", volume.createdBy);
    String body = Json.text(fields) + "\n";
    return HEAD + sha256(body.getBytes(UTF_8)) + "\n" + body;
  }

  /**
   * Reads a record.
   *
   * @param id whose it is by its file's name
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static VolumeRecord parse(UUID id, byte[] file) {
    int end = 0;
    while (end < file.length && file[end] != '\n') {
      end++;
    }
    String head = new String(file, 0, end, UTF_8);
    if (!head.startsWith(HEAD)) {
      throw new IllegalArgumentException("is no record of a version that this daemon knows");
    }
    byte[] body = java.util.Arrays.copyOfRange(file, Math.min(end + 1, file.length), file.length);
    if (!head.equals(HEAD + sha256(body))) {
      throw new IllegalArgumentException("its checksum is another one");
    }
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return new RecordFields(text).record(id);
    } catch (CharacterCodingException | JsonProcessingException e) {
      throw new IllegalArgumentException("is no JSON", e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
