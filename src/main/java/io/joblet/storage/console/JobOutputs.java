package io.joblet.storage.console;

import io.joblet.storage.v1.Chunk;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.JobService;
import io.joblet.storage.v1.StreamLogsRequest;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/** What a job has written last. However much is kept of it, no more than asked for is held. */
@ApplicationScoped
class JobOutputs {
  private final JobService jobs;

  JobOutputs(@GrpcService JobService jobs) {
    this.jobs = jobs;
  }

  /**
   * The end of an output, standard error among the rest.
   *
   * @param text without control characters but tabs and ends of lines
   * @param cut whether there is more before it
   */
  public record Tail(String text, boolean cut) {}

  /**
   * At least so many bytes of the end, if there are, and less than 64 KiB more.
   *
   * @throws RuntimeException as the method refuses, e.g. for a job without output
   */
  Tail tail(Visit visit, String job, int bytes) {
    StreamLogsRequest request = StreamLogsRequest.newBuilder().setJob(job).build();
    return visit
        .admit("StreamLogs")
        .call(() -> true, () -> jobs.streamLogs(request))
        .filter(JobOutput::hasChunk)
        .map(JobOutput::getChunk)
        .collect()
        .in(() -> new Kept(bytes), Kept::add)
        .await()
        .indefinitely()
        .tail();
  }

  /** The last chunks. */
  private static final class Kept {
    private final int most;
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private long held;
    private boolean cut;

    Kept(int most) {
      this.most = most;
    }

    void add(Chunk chunk) {
      cut |= chunk.getLost();
      chunks.addLast(chunk);
      held += chunk.getData().size();
      while (held - chunks.getFirst().getData().size() >= most) {
        held -= chunks.removeFirst().getData().size();
        cut = true;
      }
    }

    Tail tail() {
      StringBuilder text = new StringBuilder();
      chunks.forEach(c -> text.append(c.getData().toString(StandardCharsets.UTF_8)));
      return new Tail(text.toString().replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", ""), cut);
    }
  }
}
