package io.joblet.storage.bench;

import java.io.IOException;
import java.nio.file.Path;

/** Volumes of a Docker engine by its HTTP API, on one connection that is kept. For one thread. */
final class DockerApi {
  private final HttpApi http;

  DockerApi(Path socket) throws IOException {
    this.http = new HttpApi(socket);
  }

  Rate.Deed createAndDelete(String client) {
    return round -> {
      String name = client + "-" + round;
      http.call("POST /volumes/create", "{\"Name\":\"" + name + "\"}", 201);
      http.call("DELETE /volumes/" + name, "", 204);
    };
  }
}
