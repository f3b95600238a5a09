package io.joblet.storage.cli.volume;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.cli.daemon.Absence;
import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.Events;
import io.joblet.storage.cli.output.Lines;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.values.EventPosition;
import io.joblet.storage.cli.view.EventLines;
import io.joblet.storage.v1.VolumeEvent;
import io.joblet.storage.v1.WatchVolumesRequest;
import io.joblet.storage.v1.WatchVolumesResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx volume watch}. */
@Command(
    name = "watch",
    description = {
      "Prints what happens to volumes, as it happens, until it is interrupted.",
      "Goes on behind the last event when the daemon was away for less than a minute."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx volume watch",
      "  rnx volume watch data --after=0",
      "  rnx volume watch --after=4711 --format=json"
    })
final class WatchVolumes implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(200);

  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(arity = "0..1", paramLabel = "VOLUME", description = "A name or an id; default all.")
  String volume;

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      description =
          "Begin behind this position, which --format=json shows of each event; 0 begins with the"
              + " oldest that is kept. Default: with what happens from now on.")
  EventPosition begin;

  private Long after;

  private Lines<VolumeEvent> lines;
  private long lastHeard;

  @Override
  public Integer call() throws IOException {
    lines = output.lines(EventLines.view());
    after = begin == null ? null : begin.number();
    try (Daemon daemon = connection.open()) {
      lastHeard = System.nanoTime();
      while (true) {
        try (Events<WatchVolumesResponse> events = daemon.watch(request())) {
          print(events);
        } catch (StatusRuntimeException broken) {
          // Without a position there is nothing to resume behind: it may never have been there.
          if (after == null || !Absence.is(broken) || goneForLong()) {
            throw broken;
          }
          pause(broken);
        }
      }
    }
  }

  private WatchVolumesRequest request() {
    WatchVolumesRequest.Builder request = WatchVolumesRequest.newBuilder();
    if (volume != null) {
      request.setVolume(volume);
    }
    if (after != null) {
      request.setAfterPosition(after);
    }
    return request.build();
  }

  private void print(Events<WatchVolumesResponse> events) throws IOException {
    for (WatchVolumesResponse next = events.next(); next != null; next = events.next()) {
      lastHeard = System.nanoTime();
      switch (next.getMessageCase()) {
        case EVENT -> {
          lines.add(next.getEvent());
          after = next.getEvent().getPosition();
        }
        case CAUGHT_UP_POSITION -> after = next.getCaughtUpPosition();
        case MESSAGE_NOT_SET -> {
          // Of a newer daemon; not for this rnx.
        }
      }
    }
  }

  private boolean goneForLong() {
    return System.nanoTime() - lastHeard > PATIENCE.toNanos();
  }

  private static void pause(StatusRuntimeException broken) {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw broken;
    }
  }
}
