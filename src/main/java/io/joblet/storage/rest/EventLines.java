package io.joblet.storage.rest;

import com.google.protobuf.Message;
import io.joblet.storage.v1.VolumeEvent;
import io.joblet.storage.v1.WatchVolumesResponse;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;

/**
 * Server-sent events, as HTML's living standard has them: the id is the position, with which a
 * browser resumes by itself.
 */
final class EventLines implements Answer.Form {
  @Override
  public String type() {
    return "text/event-stream";
  }

  @Override
  public Buffer of(Message message) {
    WatchVolumesResponse told = (WatchVolumesResponse) message;
    if (!told.hasEvent()) {
      return Buffer.buffer("id: " + told.getCaughtUpPosition() + "\nevent: caught_up\ndata:\n\n");
    }
    VolumeEvent event = told.getEvent();
    return Buffer.buffer(
        "id: "
            + event.getPosition()
            + "\nevent: "
            + event.getKind().name().toLowerCase(Locale.ROOT)
            + "\ndata: "
            + MessageWriter.write(event)
            + "\n\n");
  }

  @Override
  public Buffer of(HttpProblem problem) {
    return Buffer.buffer("event: problem\ndata: " + problem.body() + "\n\n");
  }
}
