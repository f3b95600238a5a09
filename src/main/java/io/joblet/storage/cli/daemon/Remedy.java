package io.joblet.storage.cli.daemon;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.ResourceInfo;
import java.util.ArrayList;
import java.util.List;

/** What to type next, by what is missing or in the way. */
final class Remedy {
  private static final String JOB = "job/";

  private Remedy() {}

  static List<String> ofMissing(Details details) {
    try {
      ResourceInfo missing = details.find(ResourceInfo.class);
      return switch (missing == null ? "" : missing.getResourceType()) {
        case "job" -> List.of("'rnx job list --all' shows what there is");
        case "token" -> List.of("'rnx token list' shows what there is");
        case "command" ->
            List.of("it is looked for in the job's own files: --rootfs, --env PATH=..., a volume");
        default -> List.of("'rnx volume list' shows what there is");
      };
    } catch (InvalidProtocolBufferException garbled) {
      return List.of();
    }
  }

  /** Commands for each job in the way; other things say in their own words what to do. */
  static List<String> ofObstacle(Details details) {
    List<String> lines = new ArrayList<>();
    try {
      PreconditionFailure failure = details.find(PreconditionFailure.class);
      if (failure != null) {
        for (var violation : failure.getViolationsList()) {
          if (violation.getType().equals("JOB") && violation.getSubject().startsWith(JOB)) {
            String job = violation.getSubject().substring(JOB.length());
            lines.add("'rnx job inspect " + job + "' shows it, 'rnx job stop " + job + "' ends it");
          }
        }
      }
    } catch (InvalidProtocolBufferException garbled) {
      lines.clear();
    }
    return lines;
  }
}
