package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.v1.DeleteVolumeResponse;
import io.joblet.storage.v1.Volume;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of a volume that was removed.
 *
 * @param asked the name or id it was asked for by
 */
record Removed(String asked, DeleteVolumeResponse answer) {

  Map<String, Object> document() {
    Volume trashed = answer.getVolume();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("volume", asked);
    document.put("in_trash", answer.hasVolume());
    document.put("id", Shown.text(trashed.getId()));
    document.put("name", Shown.text(trashed.getName()));
    document.put("purge_after", Shown.time(trashed.hasPurgeAfter(), trashed.getPurgeAfter()));
    return document;
  }

  /** One line, which says how to have it back where that is possible. */
  String sentence() {
    if (!answer.hasVolume()) {
      return "removed " + asked + "; its data is gone";
    }
    Volume trashed = answer.getVolume();
    String until =
        trashed.hasPurgeAfter() ? " until " + Shown.instant(trashed.getPurgeAfter()) : "";
    return "removed "
        + asked
        + "; 'rnx volume undelete "
        + trashed.getId()
        + "' has it back"
        + until;
  }
}
