package io.joblet.storage.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a request asks for, for the audit: only fields that are known to hold no secret. A new field
 * is not in it until it is named here.
 */
final class Wanted {
  /** Not what it is about, see {@link Trail}; and no command, environment or request id. */
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "size_bytes",
          "labels",
          "inode_limit",
          "uid",
          "gid",
          "mode",
          "protected",
          "idle_timeout",
          "update_mask",
          "row_version",
          "force",
          "purge",
          "new_name",
          "mount_path",
          "read_only",
          "access_mode",
          "liveness",
          "volumes",
          "filesystem",
          "io_limits",
          "network",
          "pids_limit",
          "log_size_bytes",
          "working_directory",
          "signal",
          "grace",
          "limits",
          "role",
          "life",
          "fix");

  /** As a valid request is never; what is longer says how long it is. */
  private static final int LONGEST = 32 << 10;

  /** No text of PostgreSQL has one, and no valid request; a backslash may be escaped before it. */
  private static final Pattern NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().omittingInsignificantWhitespace().preservingProtoFieldNames();

  private Wanted() {}

  /** A JSON object as protobuf writes it (64-bit numbers are strings there); null for nothing. */
  static String of(Message request) {
    Message.Builder known = request.toBuilder();
    for (FieldDescriptor field : request.getAllFields().keySet()) {
      if (!KNOWN.contains(field.getName())) {
        known.clearField(field);
      }
    }
    Message rest = known.build();
    if (rest.getAllFields().isEmpty()) {
      return null;
    }
    if (rest.getSerializedSize() > LONGEST) {
      return "{\"too_long_bytes\": " + rest.getSerializedSize() + "}";
    }
    try {
      return NUL.matcher(JSON.print(rest)).replaceAll("$1?");
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      // A duration or a mask that cannot be, which the call refuses.
      return null;
    }
  }
}
