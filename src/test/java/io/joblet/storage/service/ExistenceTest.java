package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.access.Permission;
import io.joblet.storage.access.Role;
import io.joblet.storage.postgres.StatementLog;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.Header;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Nobody learns from any answer whether another owner has something of a name or an id: the answer
 * is the same, byte for byte but for what was asked for, as for something that nobody has.
 */
@QuarkusTest
class ExistenceTest extends RemoteTest {
  /** Fields of requests that name a volume or a job; as long as what nobody has. */
  private static final Set<String> NAMES = Set.of("volume", "job", "job_id");

  /**
   * Methods that make a job of the name that they are given, where it is another owner's too: names
   * are each owner's own.
   */
  private static final Set<String> MAKE_THE_JOB =
      Set.of("AttachVolume", "PrepareVolumes", "RunJob", "RunAttached", "PrepareFilesystem");

  private static final String NOBODYS = "01900000-0000-7000-8000-000000000000";

  private Remote bob;

  /** By what is asked for, and what is asked for instead that nobody has. */
  private final Map<String, String> volumesOfAlice = new LinkedHashMap<>();

  private final Map<String, String> jobsOfAlice = new LinkedHashMap<>();
  private int mostStatements;

  @BeforeEach
  void letAliceHaveSomething() {
    Remote alice = as("alice", "maintainer");
    bob = as("bob", "maintainer");
    String volume = alice.volumes().createVolume(wanted("secret").build()).getVolume().getId();
    alice.volumes().attachVolume(attaching("secret", "holder").build());
    String job =
        alice
            .jobs()
            .runJob(
                RunJobRequest.newBuilder()
                    .setJobId("secret")
                    .addAllCommand(List.of("sleep", "60"))
                    .build())
            .getJob()
            .getId();
    for (Map<String, String> pairs : List.of(volumesOfAlice, jobsOfAlice)) {
      pairs.put("secret", "absent");
      pairs.put("alice/secret", "alice/absent");
    }
    volumesOfAlice.put(volume, NOBODYS);
    jobsOfAlice.put(job, NOBODYS);
  }

  @Test
  void noMethodTellsThatAnotherOwnerHasIt() {
    List<String> compared = new ArrayList<>();
    for (MethodDescriptor<?, ?> method : forBob()) {
      for (FieldDescriptor field : names(method)) {
        pairs(field)
            .forEach((theirs, nobodys) -> {
              String what = method.getBareMethodName() + " " + field.getName() + " " + theirs;
              Map<String, String> told = told(method, field, theirs);
              assertThat(told).as(what).containsEntry("code", Code.NOT_FOUND.name());
              assertThat(without(theirs, told))
                  .as(what)
                  .isEqualTo(without(nobodys, told(method, field, nobodys)));
              compared.add(what);
            });
      }
    }
    assertThat(compared).hasSizeGreaterThanOrEqualTo(45);
    assertThat(get("alice/secret").getAttachmentsList()).hasSize(1);
  }

  /** What takes as long has to do the same: asked by its statements, since a clock is no proof. */
  @Test
  void theDatabaseIsAskedTheSame() {
    List<Probe> probes = new ArrayList<>();
    for (MethodDescriptor<?, ?> method : forBob()) {
      for (FieldDescriptor field : names(method)) {
        pairs(field)
            .forEach((theirs, nobodys) -> probes.add(new Probe(method, field, theirs, nobodys)));
      }
    }
    try (StatementLog log =
        StatementLog.begin(settings.getValue(StatementLog.DIRECTORY, String.class))) {
      await().until(() -> rows.query("show log_statement").equals(List.of("all")));
      List<Probe> left = new ArrayList<>(probes);
      // What the daemon does by itself meanwhile may come into one of both.
      await()
          .untilAsserted(() -> {
            left.removeAll(sameStatements(log, List.copyOf(left)));
            assertThat(left).isEmpty();
          });
    }
    assertThat(mostStatements).as("statements of a request that were seen").isGreaterThan(1);
  }

  /** One request about what is another's, and one about what is nobody's. */
  private record Probe(
      MethodDescriptor<?, ?> method, FieldDescriptor field, String theirs, String nobodys) {
    @Override
    public String toString() {
      return method.getBareMethodName() + " " + field.getName() + " " + theirs;
    }
  }

  private List<Probe> sameStatements(StatementLog log, List<Probe> probes) {
    String mark = "mark " + System.nanoTime() + " ";
    int count = 0;
    for (Probe probe : probes) {
      for (String text : List.of(probe.theirs(), probe.nobodys())) {
        rows.query("select '" + mark + count++ + ".'");
        told(probe.method(), probe.field(), text);
      }
    }
    rows.query("select '" + mark + count + ".'");
    String last = mark + count + ".";
    await().until(() -> log.has(last));
    List<List<String>> asked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      asked.add(log.between(mark + i + ".", mark + (i + 1) + "."));
    }
    asked.forEach(statements -> mostStatements = Math.max(mostStatements, statements.size()));
    List<Probe> same = new ArrayList<>();
    for (int i = 0; i < probes.size(); i++) {
      if (asked.get(2 * i).equals(asked.get(2 * i + 1))) {
        same.add(probes.get(i));
      }
    }
    return same;
  }

  @Test
  void noPathOfRestTellsIt() throws Exception {
    RequestSpecification by =
        RestAssured.given()
            .baseUri("https://127.0.0.1:" + tlsUrl.getPort())
            .config(
                RestAssuredConfig.config()
                    .sslConfig(Https.as(authority, Remote.issued(authority, "bob", "maintainer"))));
    Map<String, String> paths = new LinkedHashMap<>();
    paths.put("GET /volumes/%s", "");
    paths.put("PATCH /volumes/%s", "{\"labels\":{}}");
    paths.put("DELETE /volumes/%s", "");
    paths.put("POST /volumes/%s/undelete", "{}");
    paths.put("POST /volumes/%s/attachments", "{\"job_id\":\"j\"}");
    paths.put("DELETE /volumes/%s/attachments/j", "");
    paths.put("PUT /volumes/%s/shares/carol", "{}");
    paths.put("DELETE /volumes/%s/shares/carol", "");
    paths.put("GET /events?volume=%s", "");
    paths.put("GET /jobs/%s", "");
    paths.put("GET /jobs/%s/logs", "");
    paths.put("POST /jobs/%s/signal", "{\"signal\":9}");
    paths.put("POST /jobs/%s/stop", "{}");
    paths.put("DELETE /jobs/%s", "");
    paths.put("DELETE /jobs/%s/volumes", "");
    paths.put("POST /jobs/%s/lease", "{}");
    paths.forEach((path, body) ->
        (path.contains("/jobs/") ? jobsOfAlice : volumesOfAlice)
            .forEach((theirs, nobodys) -> {
              Map<String, String> told = told(by, path, body, theirs);
              assertThat(told).as(path).containsEntry("code", "404");
              assertThat(without(theirs, told))
                  .as(path + " " + theirs)
                  .isEqualTo(without(nobodys, told(by, path, body, nobodys)));
            }));
  }

  @Test
  void noPageOfTheConsoleTellsIt() throws Exception {
    Browsing browsing =
        new Browsing(tlsUrl.getPort(), authority, Remote.issued(authority, "bob", "maintainer"));
    browsing.get("/volumes/new");
    volumesOfAlice.forEach((theirs, nobodys) -> {
      List<String> paths =
          theirs.contains("/")
              ? List.of("")
              : List.of("", "/delete", "/undelete", "/attach", "/detach");
      for (String path : paths) {
        List<String> told = new ArrayList<>();
        for (String which : List.of(theirs, nobodys)) {
          String whole = "/volumes/" + which.replace("/", "%2F") + path;
          Map<String, String> form =
              Map.of("job_id", "j", "access_mode", "shared", "confirmed", "yes");
          Response answer = path.isEmpty() ? browsing.get(whole) : browsing.post(whole, form);
          assertThat(answer.statusCode()).as(whole).isEqualTo(404);
          told.add(answer.statusCode() + answer.asString().replace(which, "?"));
        }
        assertThat(told.getFirst()).as(theirs + path).isEqualTo(told.getLast());
      }
    });
  }

  private static List<MethodDescriptor<?, ?>> forBob() {
    return Methods.all().stream()
        .filter(m -> Role.MAINTAINER.atLeast(Permission.ofMethod(m.getBareMethodName()).least()))
        .toList();
  }

  private Map<String, String> pairs(FieldDescriptor field) {
    return field.getName().equals("volume") ? volumesOfAlice : jobsOfAlice;
  }

  /** The fields that name what must be there, also those of mounts. */
  private static List<FieldDescriptor> names(MethodDescriptor<?, ?> method) {
    Descriptor request = Methods.request(method);
    List<FieldDescriptor> found = new ArrayList<>();
    for (FieldDescriptor field : request.getFields()) {
      boolean made =
          field.getName().equals("job_id")
              && (MAKE_THE_JOB.contains(method.getBareMethodName())
                  || request.findFieldByName("volume") != null);
      if (field.getName().equals("volumes")) {
        found.add(VolumeMount.getDescriptor().findFieldByName("volume"));
      } else if (!made
          && NAMES.contains(field.getName())
          && field.getJavaType() == JavaType.STRING) {
        found.add(field);
      }
    }
    return found;
  }

  /** A request that is right but for what it names. */
  private static Message request(
      MethodDescriptor<?, ?> method, FieldDescriptor field, String text) {
    Message.Builder request = Methods.empty(method).newBuilderForType();
    Descriptor type = request.getDescriptorForType();
    for (FieldDescriptor other : type.getFields()) {
      switch (other.getName()) {
        case "job_id" -> request.setField(other, "j");
        case "with_owner" -> request.setField(other, "carol");
        case "command" -> request.addRepeatedField(other, "true");
        case "signal" ->
            request.setField(other, SignalJobRequest.newBuilder().setSignal(9).getSignal());
        case "update_mask" ->
            request.setField(
                other,
                UpdateVolumeRequest.newBuilder().getUpdateMaskBuilder().addPaths("labels").build());
        case "volumes" ->
            request.addRepeatedField(
                other,
                PrepareVolumesRequest.newBuilder().addVolumesBuilder().setVolume(text).build());
        default -> {}
      }
    }
    if (field.getContainingType().equals(type)) {
      request.setField(field, text);
    }
    return request.build();
  }

  /** The code, the words, and all that came with them. */
  private Map<String, String> told(
      MethodDescriptor<?, ?> method, FieldDescriptor field, String text) {
    StatusRuntimeException refusal =
        Methods.refusal(bob.channel(), method, request(method, field, text))
            .orElseThrow(() -> new AssertionError(method.getBareMethodName() + " " + text));
    Map<String, String> told = new TreeMap<>();
    told.put("code", refusal.getStatus().getCode().name());
    told.put("message", String.valueOf(refusal.getStatus().getDescription()));
    Metadata trailers = refusal.getTrailers();
    for (String key : trailers.keys()) {
      told.put(
          key,
          key.endsWith(Metadata.BINARY_HEADER_SUFFIX)
              ? new String(
                  trailers.get(Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER)),
                  StandardCharsets.ISO_8859_1)
              : trailers.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER)));
    }
    return told;
  }

  private static Map<String, String> told(
      RequestSpecification by, String path, String body, String text) {
    String[] parts = path.formatted(text.replace("/", "%2F")).split(" ", 2);
    RequestSpecification call = RestAssured.given(by).urlEncodingEnabled(false);
    if (!body.isEmpty()) {
      call.contentType("application/json").body(body);
    }
    Response answer = call.request(parts[0], "/api/v1" + parts[1]);
    Map<String, String> told = new TreeMap<>();
    told.put("code", Integer.toString(answer.statusCode()));
    told.put("body", answer.asString());
    for (Header header : answer.headers()) {
      told.put("header " + header.getName(), header.getValue());
    }
    return told;
  }

  /** Both have the same length, so that what depends on it is the same too. */
  private static Map<String, String> without(String asked, Map<String, String> told) {
    Map<String, String> rest = new TreeMap<>();
    told.forEach((key, value) -> rest.put(key, value.replace(asked, "?")));
    return rest;
  }
}
