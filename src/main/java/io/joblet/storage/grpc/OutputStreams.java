package io.joblet.storage.grpc;

import io.joblet.storage.grpc.FlowControl.Pace;
import io.joblet.storage.job.JobView;
import io.joblet.storage.job.OutputReader;
import io.joblet.storage.job.OutputReader.Piece;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.v1.JobOutput;
import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sends the output of jobs as fast as the caller takes it, on a virtual thread for each stream. */
@ApplicationScoped
class OutputStreams {
  private final ExecutorService threads;
  private final JobProtos protos;
  private final Streaming streaming;

  OutputStreams(@VirtualThreads ExecutorService threads, JobProtos protos, Streaming streaming) {
    this.streaming = streaming;
    this.threads = threads;
    this.protos = protos;
  }

  /** The job, its output, and the job again; what goes wrong in {@code open} is the answer. */
  Multi<JobOutput> stream(Function<Caller, OutputReader> open) {
    Pace pace = FlowControl.ofCurrentCall();
    Streaming.Leave leave = streaming.ofCurrentCall();
    Caller caller = new Caller(AccessControl.identity(), Optional.empty());
    return Multi.createFrom()
        .emitter(
            emitter -> threads.execute(() -> send(() -> open.apply(caller), pace, leave, emitter)),
            BackPressureStrategy.BUFFER);
  }

  private void send(
      Supplier<OutputReader> open,
      Pace pace,
      Streaming.Leave leave,
      MultiEmitter<? super JobOutput> to) {
    BooleanSupplier gone = () -> gone(leave, to);
    try (OutputReader output = open.get()) {
      pace.send(() -> to.emit(event().setJob(protos.job(output.first())).build()), gone);
      while (!to.isCancelled() && !output.finished()) {
        leave.check();
        List<Piece> pieces = output.next();
        pace.send(
            () -> pieces.forEach(p -> to.emit(event().setChunk(JobProtos.chunk(p)).build())), gone);
      }
      Optional<JobView> last = output.last();
      pace.send(
          () -> {
            last.ifPresent(v -> to.emit(event().setEnded(protos.job(v)).build()));
            to.complete();
          },
          OutputStreams::over);
    } catch (RuntimeException e) {
      pace.send(() -> to.fail(ProblemStatus.of(e, "")), OutputStreams::over);
    }
  }

  /**
   * Throws what ends the stream also under a caller that takes nothing: a job that waits for such a
   * reader is not to wait for one that may not read any more.
   */
  private static boolean gone(Streaming.Leave leave, MultiEmitter<? super JobOutput> to) {
    if (to.isCancelled()) {
      return true;
    }
    leave.check();
    return false;
  }

  /** Nothing follows that the caller would have to be ready for. */
  private static boolean over() {
    return true;
  }

  private static JobOutput.Builder event() {
    return JobOutput.newBuilder();
  }
}
