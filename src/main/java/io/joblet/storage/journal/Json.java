package io.joblet.storage.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** JSON columns, written and read as Hibernate does it. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private static final TypeReference<Map<String, Boolean>> FLAGS = new TypeReference<>() {};

  private Json() {}

  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON", e);
    }
  }

  public static Map<String, Boolean> flags(String json) {
    try {
      return MAPPER.readValue(json, FLAGS);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is no JSON object of flags", e);
    }
  }

  public static Map<String, String> texts(String json) {
    try {
      return MAPPER.readValue(json, TEXTS);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is no JSON object of strings", e);
    }
  }
}
