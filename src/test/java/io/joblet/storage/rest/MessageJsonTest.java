package io.joblet.storage.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Durations;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeMount;
import io.joblet.storage.v1.VolumeType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests from HTTP and JSON, and answers to JSON. */
class MessageJsonTest {
  private static final Route CREATE =
      route(Route.Verb.POST, "/volumes", CreateVolumeRequest.getDefaultInstance());
  private static final Route UPDATE =
      route(Route.Verb.PATCH, "/volumes/{volume}", UpdateVolumeRequest.getDefaultInstance());

  @Test
  void everyKindOfFieldIsRead() {
    String body =
        """
        {"name": "data", "type": "memory", "size_bytes": 9007199254740993, "labels": {"a": "b=c"},
         "inode_limit": "17", "uid": 4294967294, "protected": true, "idle_timeout": "90.5s"}\
        """;

    CreateVolumeRequest read = (CreateVolumeRequest) read(CREATE, List.of("volumes"), body);

    assertThat(read.getName()).isEqualTo("data");
    assertThat(read.getType()).isEqualTo(VolumeType.MEMORY);
    assertThat(read.getSizeBytes()).isEqualTo(9007199254740993L);
    assertThat(read.getLabelsMap()).containsEntry("a", "b=c");
    assertThat(read.getInodeLimit()).isEqualTo(17);
    assertThat(Integer.toUnsignedLong(read.getUid())).isEqualTo(4294967294L);
    assertThat(read.hasGid()).isFalse();
    assertThat(read.getProtected()).isTrue();
    assertThat(Durations.toMillis(read.getIdleTimeout())).isEqualTo(90_500);
  }

  @Test
  void listsOfMessagesAreRead() {
    Route prepare =
        route(
            Route.Verb.POST, "/jobs/{job_id}/volumes", PrepareVolumesRequest.getDefaultInstance());
    String body =
        """
        {"volumes": [{"volume": "a", "read_only": true}, {"volume": "b", "access_mode": "shared"}],
         "liveness": {"lease": "60s"}}\
        """;

    assertThat(read(prepare, List.of("jobs", "j", "volumes"), body))
        .isEqualTo(
            PrepareVolumesRequest.newBuilder()
                .setJobId("j")
                .addVolumes(VolumeMount.newBuilder().setVolume("a").setReadOnly(true))
                .addVolumes(
                    VolumeMount.newBuilder().setVolume("b").setAccessMode(AccessMode.SHARED))
                .setLiveness(
                    Liveness.newBuilder()
                        .setLease(com.google.protobuf.Duration.newBuilder().setSeconds(60)))
                .build());
  }

  @Test
  void aPatchChangesWhatItHas() {
    UpdateVolumeRequest read =
        (UpdateVolumeRequest)
            read(
                UPDATE,
                List.of("volumes", "data"),
                "{\"protected\": false, \"size_bytes\": 5}",
                MultiMap.caseInsensitiveMultiMap()
                    .add("If-Match", "\"7\"")
                    .add("Idempotency-Key", "k1"));

    assertThat(read.getVolume()).isEqualTo("data");
    assertThat(read.getUpdateMask().getPathsList()).containsExactly("protected", "size_bytes");
    assertThat(read.getRowVersion()).isEqualTo(7);
    assertThat(read.getRequestId()).isEqualTo("k1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {                                        | body: is not valid JSON (line 1, column 2)
          {"name": 'a'}                            | body: is not valid JSON (line 1, column 10)
          [1]                                      | body: must be a JSON object
          {} {}                                    | body: has something behind its end (line 1, column 5)
          {"name": "a", "name": "b"}               | name: is given twice (line 1, column
          {"labels": {"a": "b", "a": {"c": "d"}}}  | labels.a: is given twice
          {"name": "\\ud800"}                      | name: has half of a surrogate pair
          {"labels": {"a": "x\\udc00"}}            | labels.a: has half of a surrogate pair
          {"labels": {"\\ud83d": "x"}}             | labels: has half of a surrogate pair
          {"nam": "a"}                             | nam: is not a field of this request
          {"name": 1}                              | name: must be a string
          {"size_bytes": 1.5}                      | size_bytes: must be a whole number of 64 bits
          {"size_bytes": "1e3"}                    | size_bytes: must be a whole number of 64 bits
          {"size_bytes": 9223372036854775808}      | size_bytes: must be a whole number of 64 bits
          {"uid": -1}                              | uid: must be a whole number from 0 to 4294967295
          {"type": "tape"}                         | type: must be one of filesystem, memory
          {"type": "volume_type_unspecified"}      | type: must be one of filesystem, memory
          {"labels": ["a"]}                        | labels: must be an object of strings
          {"labels": {"a": 1}}                     | labels.a: must be a string
          {"protected": "yes"}                     | protected: must be true or false
          {"idle_timeout": "1h"}                   | idle_timeout: must be seconds as in
          """)
  void whatIsWrongIsNamed(String body, String message) {
    assertThatThrownBy(() -> read(CREATE, List.of("volumes"), body))
        .isInstanceOf(Problem.Invalid.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void everythingWrongIsNamedAtOnce() {
    assertThatThrownBy(
            () -> read(CREATE, List.of("volumes"), "{\"x\": 1, \"name\": 2, \"mode\": \"rwx\"}"))
        .hasMessageContainingAll("x: ", "name: ", "mode: ");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          If-Match, abc,        If-Match: must be ETags
          If-Match, w/"3",      If-Match: must be ETags
          If-Match, '"3", "4"', If-Match: must name one version
          If-Match, W/"3",      it has none of the versions
          Last-Event-ID, 1,     Last-Event-ID: has no meaning for this path
          """)
  void headersAreNotPassedOver(String header, String value, String message) {
    assertThatThrownBy(() ->
            read(
                UPDATE,
                List.of("volumes", "data"),
                "{\"protected\": true}",
                MultiMap.caseInsensitiveMultiMap().add(header, value)))
        .hasMessageStartingWith(message);
  }

  @Test
  void whatIsInThePathIsNotInTheBody() {
    assertThatThrownBy(() -> read(UPDATE, List.of("volumes", "data"), "{\"volume\": \"other\"}"))
        .hasMessageStartingWith("volume: is in the path");
  }

  @Test
  void anAnswerHasNumbersAsNumbersAndLeavesOutWhatIsAbsent() {
    Volume volume =
        Volume.newBuilder()
            .setName("data")
            .setType(VolumeType.FILESYSTEM)
            .setSizeBytes(1L << 40)
            .setUid(-2)
            .putLabels("a", "b")
            .setCreatedAt(com.google.protobuf.Timestamp.newBuilder().setSeconds(1))
            .build();

    assertThat(MessageWriter.write(volume).toString())
        .contains(
            "\"size_bytes\":1099511627776",
            "\"type\":\"filesystem\"",
            "\"uid\":4294967294",
            "\"labels\":{\"a\":\"b\"}",
            "\"created_at\":\"1970-01-01T00:00:01Z\"",
            "\"protected\":false",
            "\"enforcement\":null")
        .doesNotContain("last_used", "idle_timeout");
  }

  @Test
  void whatIsWrittenCanBeReadAgain() {
    CreateVolumeRequest request =
        CreateVolumeRequest.newBuilder()
            .setName("data")
            .setType(VolumeType.MEMORY)
            .setSizeBytes(12)
            .setUid(-2)
            .setMode(0)
            .setIdleTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(5))
            .putLabels("k", "v")
            .build();

    assertThat(read(CREATE, List.of("volumes"), MessageWriter.write(request).toString()))
        .isEqualTo(request);
  }

  @Test
  void aSignalIsANumber() {
    Route signal =
        route(Route.Verb.POST, "/jobs/{job}/signal", SignalJobRequest.getDefaultInstance());

    assertThat(read(signal, List.of("jobs", "alice/j", "signal"), "{\"signal\": 15}"))
        .isEqualTo(SignalJobRequest.newBuilder().setJob("alice/j").setSignal(15).build());
  }

  private static com.google.protobuf.Message read(Route route, List<String> path, String body) {
    return read(route, path, body, MultiMap.caseInsensitiveMultiMap());
  }

  private static com.google.protobuf.Message read(
      Route route, List<String> path, String body, MultiMap headers) {
    return RequestReader.read(
        route,
        new RequestReader.Parts(
            path, MultiMap.caseInsensitiveMultiMap(), headers, Buffer.buffer(body)));
  }

  private static Route route(Route.Verb verb, String path, com.google.protobuf.Message request) {
    return Route.of(verb, path, request, r -> Uni.createFrom().nullItem());
  }
}
