package io.joblet.storage.rest;

import com.google.protobuf.Message;
import io.joblet.storage.v1.JobOutput;
import io.vertx.core.buffer.Buffer;

/** What a job wrote, byte for byte, both of its streams in the order in which it wrote. */
final class OutputBytes implements Answer.Form {
  @Override
  public String type() {
    return "text/plain";
  }

  @Override
  public Buffer of(Message message) {
    JobOutput output = (JobOutput) message;
    return output.hasChunk()
        ? Buffer.buffer(output.getChunk().getData().toByteArray())
        : Buffer.buffer();
  }

  @Override
  public Buffer of(HttpProblem problem) {
    return Buffer.buffer();
  }
}
