package io.joblet.storage.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The part of an {@link Inspector} that looks into what has the right name: how large it is, whose,
 * what its record says, and whether it is what a job finds where it is mounted.
 */
final class DataInspection {
  private static final long PAGE = 4096;
  private static final int PERMISSIONS = 07777;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Columns that a record has by the same name. */
  private static final List<String> RECORDED =
      List.of(
          "owner",
          "name",
          "type",
          "provider",
          "size_bytes",
          "inode_limit",
          "qgroup",
          "uid",
          "gid",
          "mode",
          "idle_timeout_seconds",
          "created_by");

  private final Installation installation;
  private final Map<String, Map<String, Boolean>> shares = new HashMap<>();
  private final List<Mounts.Entry> mounts;
  private final List<String> problems;

  DataInspection(Installation installation, Rows rows, List<String> problems)
      throws IOException, SQLException {
    this.installation = installation;
    this.mounts = Mounts.below(installation.directory());
    this.problems = problems;
    for (Map<String, String> share : rows.query("select * from volume_share")) {
      shares
          .computeIfAbsent(share.get("volume_id"), any -> new TreeMap<>())
          .put(share.get("with_owner"), share.get("read_only").equals("t"));
    }
  }

  void inspect(List<Map<String, String>> volumes, List<Map<String, String>> attachments)
      throws IOException {
    for (Map<String, String> volume : volumes) {
      String id = volume.get("id");
      List<Map<String, String>> held =
          attachments.stream().filter(a -> a.get("volume_id").equals(id)).toList();
      inspectRecord(volume);
      inspectData(volume, !held.isEmpty());
      held.forEach(attachment -> inspectMount(volume, attachment));
    }
  }

  private void inspectRecord(Map<String, String> volume) throws IOException {
    String id = volume.get("id");
    Path file = installation.volumes().resolve(".records").resolve(id + ".json");
    if (!Files.exists(file)) {
      // Told by its name.
      return;
    }
    JsonNode record = JSON.readTree(Files.readString(file).lines().skip(1).findFirst().orElse(""));
    for (String column : RECORDED) {
      compare("record of " + id + ", " + column, volume.get(column), text(record.get(column)));
    }
    boolean recordedAsProtected = record.path("protected").asBoolean();
    compare(
        "record of " + id + ", protected",
        volume.get("protected").equals("t"),
        recordedAsProtected);
    compare(
        "record of " + id + ", labels", JSON.readTree(volume.get("labels")), record.get("labels"));
    Map<String, Boolean> shared = shares.getOrDefault(id, Map.of());
    compare("record of " + id + ", shares", JSON.valueToTree(shared), record.get("shares"));
  }

  private static String text(JsonNode value) {
    return value == null || value.isNull() ? "" : value.asText();
  }

  private void inspectData(Map<String, String> volume, boolean held) throws IOException {
    String id = volume.get("id");
    boolean trashed = volume.get("state").equals("TRASHED");
    long size = Long.parseLong(volume.get("size_bytes"));
    Path place = installation.volumes().resolve(id);
    if (volume.get("provider").equals("loop")) {
      Path image =
          installation.volumes().resolve(trashed ? ".trash/" + id : ".images/" + id + ".ext4");
      if (Files.exists(image)) {
        compare("size of image " + id, upToPage(size), upToPage(Files.size(image)));
      }
    }
    boolean seen = inPool(volume) ? !trashed : held && mounted(place).isPresent();
    if (!seen || !Files.exists(place)) {
      return;
    }
    if (volume.get("provider").equals("memory")) {
      compare("size of tmpfs " + id, upToPage(size), Files.getFileStore(place).getTotalSpace());
    }
    Map<String, Object> top = Files.readAttributes(place, "unix:uid,gid,mode");
    compare("uid of " + id, volume.get("uid"), top.get("uid").toString());
    compare("gid of " + id, volume.get("gid"), top.get("gid").toString());
    compare("mode of " + id, volume.get("mode"), "" + ((int) top.get("mode") & PERMISSIONS));
  }

  /** It is a directory of the pool's file system, with a limit or without one. */
  private static boolean inPool(Map<String, String> volume) {
    return List.of("btrfs", "directory").contains(volume.get("provider"));
  }

  private static long upToPage(long size) {
    return (size + PAGE - 1) / PAGE * PAGE;
  }

  /** It is the volume's file system that is mounted, its top, and as it was asked for. */
  private void inspectMount(Map<String, String> volume, Map<String, String> attachment) {
    String id = volume.get("id");
    Path target =
        installation.jobs().resolve(attachment.get("job_name") + attachment.get("mount_path"));
    boolean inPool = inPool(volume);
    Optional<Mounts.Entry> there = mounted(target);
    Optional<Mounts.Entry> own =
        mounted(inPool ? installation.volumes() : installation.volumes().resolve(id));
    if (there.isEmpty() || own.isEmpty()) {
      // Told by its name.
      return;
    }
    compare("device on " + target, own.get().device(), there.get().device());
    String top = own.get().root().equals("/") ? "" : own.get().root();
    compare("root on " + target, inPool ? top + "/" + id : "/", there.get().root());
    List<String> options = List.of(there.get().options().split(","));
    compare(
        "read-only on " + target, attachment.get("read_only").equals("t"), options.contains("ro"));
    for (String denied : List.of("nosuid", "nodev")) {
      compare(denied + " on " + target, true, options.contains(denied));
    }
  }

  /** The topmost there. */
  private Optional<Mounts.Entry> mounted(Path target) {
    return mounts.stream().filter(m -> m.target().equals(target)).reduce((below, above) -> above);
  }

  private void compare(String what, Object wanted, Object found) {
    if (!wanted.equals(found)) {
      problems.add(what + ": wanted " + wanted + ", found " + found);
    }
  }
}
