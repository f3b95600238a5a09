package io.joblet.storage.cli.volume;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code rnx volume}. */
@Command(
    name = "volume",
    description = "Volumes: directories with a size that holds.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx volume create data --size=10GB",
      "  rnx volume attach data --job=build-17 --path=/data",
      "  rnx volume list --filter=team=search --format=json",
      "  rnx volume detach data",
      "  rnx volume remove data"
    })
public final class VolumeGroup {
  VolumeGroup() {}

  /** Its commands by name, in the order of the help. */
  public static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("create", CreateVolume.class);
    commands.put("list", ListVolumes.class);
    commands.put("inspect", InspectVolume.class);
    commands.put("update", UpdateVolume.class);
    commands.put("attach", AttachVolume.class);
    commands.put("detach", DetachVolume.class);
    commands.put("remove", RemoveVolumes.class);
    commands.put("undelete", UndeleteVolume.class);
    commands.put("watch", WatchVolumes.class);
    commands.put("share", ShareVolume.class);
    commands.put("shares", ListShares.class);
    commands.put("unshare", UnshareVolume.class);
    commands.put("doctor", Doctor.class);
    return commands;
  }
}
