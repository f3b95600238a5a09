package io.joblet.storage.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** Calls by HTTP, over the socket. */
abstract class RestCalls extends ServiceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  final Http.Answer rest(String verb, String path, String body, String... headers)
      throws IOException {
    return Http.ask(config.socket(), verb, "/api/v1" + path, body, headers);
  }

  static JsonNode json(Http.Answer answer) throws IOException {
    return JSON.readTree(answer.body());
  }
}
