package io.joblet.storage.volume;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.joblet.storage.config.Excerpt;
import io.joblet.storage.config.OwnerName;
import io.joblet.storage.config.UnixIdConverter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * The fields of a {@link VolumeRecord} as they are read: each must be there, of its type, and obey
 * the rule of its column; none may be there that is not known.
 */
final class RecordFields {
  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final long LARGEST_QGROUP = (1L << 48) - 1;
  private static final int LONGEST_PRINCIPAL = 512;

  /** One for each 1,024 bytes of the largest volume, as mke2fs(8) makes at most. */
  private static final long MOST_INODES = VolumeRecord.LARGEST_SIZE / 1024;

  /** 3650 days, as for whoever asks for a volume. */
  private static final long LONGEST_IDLE_SECONDS = 3650L * 24 * 60 * 60;

  private final JsonNode json;
  private final Set<String> read = new HashSet<>();

  RecordFields(String text) throws JsonProcessingException {
    this.json = STRICT.readTree(text);
    if (!json.isObject()) {
      throw new IllegalArgumentException("is no JSON object");
    }
  }

  VolumeRecord record(UUID id) {
    if (!text("id").equals(id.toString())) {
      throw new IllegalArgumentException("id: is another volume's");
    }
    Volume volume = new Volume();
    volume.id = id;
    volume.owner = value("owner", OwnerName::new).text();
    volume.name = value("name", VolumeName::new).text();
    volume.type = value("type", VolumeType::valueOf);
    volume.provider = value("provider", RecordFields::provider);
    volume.enforcement = volume.provider.enforcement();
    volume.sizeBytes = number("size_bytes", 1, VolumeRecord.LARGEST_SIZE);
    volume.inodeLimit = number("inode_limit", 0, MOST_INODES);
    volume.qgroup = numberOrNull("qgroup", LARGEST_QGROUP);
    volume.uid = number("uid", 0, UnixIdConverter.LARGEST);
    volume.gid = number("gid", 0, UnixIdConverter.LARGEST);
    volume.mode = (int) number("mode", 0, 0777);
    volume.isProtected = flag(node("protected"), "protected");
    volume.idleTimeoutSeconds = numberOrNull("idle_timeout_seconds", LONGEST_IDLE_SECONDS);
    volume.labels = checked("labels", labels(), Labels::new).sorted();
    SortedMap<String, Boolean> shares = shares(volume.owner);
    volume.createdAt = value("created_at", RecordFields::time);
    volume.createdBy = value("created_by", RecordFields::principal);
    volume.state = VolumeState.AVAILABLE;
    refuseContradictions(volume);
    refuseUnknown();
    return new VolumeRecord(volume, shares);
  }

  private static void refuseContradictions(Volume volume) {
    boolean memory = volume.type == VolumeType.MEMORY;
    if (memory != (volume.provider == ProviderName.MEMORY)) {
      throw new IllegalArgumentException("provider: does not make that type of volume");
    }
    if ((volume.provider == ProviderName.BTRFS) != (volume.qgroup != null)) {
      throw new IllegalArgumentException("qgroup: is for volumes on btrfs, and for all of them");
    }
    if (volume.idleTimeoutSeconds != null && !memory) {
      throw new IllegalArgumentException("idle_timeout_seconds: is only for memory volumes");
    }
  }

  private void refuseUnknown() {
    json.fieldNames()
        .forEachRemaining(name -> {
          if (!read.contains(name)) {
            throw new IllegalArgumentException(Excerpt.of(name) + ": is not known");
          }
        });
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new HashMap<>();
    object("labels")
        .properties()
        .forEach(e -> labels.put(e.getKey(), text(e.getValue(), "labels")));
    return labels;
  }

  private SortedMap<String, Boolean> shares(String owner) {
    SortedMap<String, Boolean> shares = new TreeMap<>();
    object("shares")
        .properties()
        .forEach(e -> {
          String with = checked("shares", e.getKey(), OwnerName::new).text();
          if (with.equals(owner)) {
            throw new IllegalArgumentException("shares: has the volume's own owner");
          }
          shares.put(with, flag(e.getValue(), "shares"));
        });
    return shares;
  }

  private JsonNode object(String field) {
    JsonNode node = node(field);
    if (!node.isObject()) {
      throw new IllegalArgumentException(field + ": must be an object");
    }
    return node;
  }

  private JsonNode node(String field) {
    read.add(field);
    JsonNode node = json.get(field);
    if (node == null) {
      throw new IllegalArgumentException(field + ": is missing");
    }
    return node;
  }

  private String text(String field) {
    return text(node(field), field);
  }

  private static String text(JsonNode node, String field) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException(field + ": must be a text");
    }
    return node.textValue();
  }

  private static boolean flag(JsonNode node, String field) {
    if (!node.isBoolean()) {
      throw new IllegalArgumentException(field + ": must be true or false");
    }
    return node.booleanValue();
  }

  private long number(String field, long least, long most) {
    JsonNode node = node(field);
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() < least
        || node.longValue() > most) {
      throw new IllegalArgumentException(field + ": must be from " + least + " to " + most);
    }
    return node.longValue();
  }

  private Long numberOrNull(String field, long most) {
    return node(field).isNull() ? null : Long.valueOf(number(field, 1, most));
  }

  private <T> T value(String field, Function<String, T> rule) {
    return checked(field, text(field), rule);
  }

  private static <V, T> T checked(String field, V value, Function<V, T> rule) {
    try {
      return rule.apply(value);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new IllegalArgumentException(field + ": " + Excerpt.of(e.getMessage(), 200), e);
    }
  }

  private static ProviderName provider(String text) {
    ProviderName provider = ProviderName.valueOf(text.toUpperCase(Locale.ROOT));
    if (!provider.text().equals(text)) {
      throw new IllegalArgumentException("is no backend");
    }
    return provider;
  }

  /** Within what PostgreSQL can keep, by a wide margin. */
  private static Instant time(String text) {
    Instant time = Instant.parse(text);
    if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.parse("9999-12-31T23:59:59Z"))) {
      throw new IllegalArgumentException("is no time that a volume can have been made at");
    }
    return time;
  }

  private static String principal(String text) {
    if (text.isEmpty() || text.length() > LONGEST_PRINCIPAL || Excerpt.deceives(text)) {
      throw new IllegalArgumentException(
          "must be 1 to " + LONGEST_PRINCIPAL + " characters, none of them a control character");
    }
    return text;
  }
}
