package io.joblet.storage.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.joblet.storage.problem.Checks;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * Reads a body as JSON (RFC 8259), each name once. What is wrong is told in words of ours: the
 * parser's own are for programmers.
 */
final class JsonBody {
  /** No request nests a quarter as deep. */
  private static final int DEEPEST = 32;

  private static final int LONGEST_NUMBER = 1000;
  private static final int LONGEST_NAME = 4096;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(LONGEST_NUMBER)
                          .maxNameLength(LONGEST_NAME)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonBody() {}

  /** The value; null if there is none, which the checks know then. */
  static JsonNode read(Buffer body, Checks checks) {
    // The parser itself would take UTF-16 and UTF-32 too, which RFC 8259 has done away with.
    try (JsonParser parser = JSON.createParser(Utf8.text(body.getBytes()))) {
      return read(parser, checks);
    } catch (IOException noText) {
      checks.require(false, "body", "is not valid JSON in UTF-8");
      return null;
    }
  }

  private static JsonNode read(JsonParser parser, Checks checks) throws IOException {
    try {
      return JSON.readTree(parser);
    } catch (JsonParseException e) {
      checks.require(false, "body", "is not valid JSON" + place(e.getLocation()));
    } catch (StreamConstraintsException e) {
      checks.require(
          false,
          "body",
          "must be at most "
              + DEEPEST
              + " levels deep, with names of at most "
              + LONGEST_NAME
              + " characters and numbers of at most "
              + LONGEST_NUMBER
              + " digits"
              + place(parser.currentLocation()));
    } catch (MismatchedInputException e) {
      String name = path(parser.getParsingContext());
      checks.require(
          false,
          name.isEmpty() ? "body" : name,
          (name.isEmpty() ? "has something behind its end" : "is given twice")
              + place(parser.currentLocation()));
    }
    return null;
  }

  private static String place(JsonLocation location) {
    return " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  /** Where the parser is, as {@link MessageReader} names it. */
  private static String path(JsonStreamContext at) {
    if (at == null || at.inRoot()) {
      return "";
    }
    String above = path(at.getParent());
    if (at.inArray()) {
      return above + "[" + at.getCurrentIndex() + "]";
    }
    String name = at.getCurrentName();
    return name == null || above.isEmpty()
        ? above + (name == null ? "" : name)
        : above + "." + name;
  }
}
