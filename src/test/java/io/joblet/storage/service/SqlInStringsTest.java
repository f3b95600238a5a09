package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.joblet.storage.v1.ListVolumesRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Statements of SQL in every string of every method, as an admin, who may call them all. */
@QuarkusTest
class SqlInStringsTest extends ServiceTest {
  private static final List<String> STATEMENTS =
      List.of("x'; drop table volume_share; --", "' or '1'='1", "x\\'; delete from volume; --");

  /** A fault of the daemon's own; all else is an answer to what was asked. */
  private static final Set<Code> FAULTS =
      EnumSet.of(Code.INTERNAL, Code.UNKNOWN, Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED);

  @Test
  void inAllStringsOfARequestStoresNothing() {
    create("data");
    Footprint before = footprint();
    List<String> wrong = new ArrayList<>();
    int strings = 0;
    for (MethodDescriptor<?, ?> method : Methods.all()) {
      int count = strings(Methods.request(method)).size();
      strings += count;
      for (String sql : count == 0 ? List.<String>of() : STATEMENTS) {
        Message request = filled(Methods.empty(method), sql, null).build();
        note(wrong, method, request);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(strings).isGreaterThan(60);
    assertThat(footprint()).isEqualTo(before);
  }

  /** One at a time, so that what is looked at first does not hide the others. */
  @Test
  void inEachStringBySelfIsNothingButText() {
    create("data");
    List<String> tables = tables();
    List<String> wrong = new ArrayList<>();
    for (MethodDescriptor<?, ?> method : Methods.all()) {
      for (FieldDescriptor field : strings(Methods.request(method))) {
        for (String sql : STATEMENTS) {
          note(wrong, method, filled(Methods.empty(method), sql, field).build());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(tables()).isEqualTo(tables);
    assertThat(rows.query("select name from volume")).containsExactly("data");
  }

  @Test
  void inThePathsOfRestIsTheNameOfNothing() throws Exception {
    create("data");
    Footprint before = footprint();
    for (String sql : STATEMENTS) {
      String part = URLEncoder.encode(sql, StandardCharsets.UTF_8).replace("+", "%20");
      for (String path :
          List.of(
              "/volumes/" + part,
              "/volumes/data/shares/" + part,
              "/volumes/data/attachments/" + part,
              "/jobs/" + part,
              "/jobs/" + part + "/volumes",
              "/tokens/" + part,
              "/volumes/root%2F" + part)) {
        assertThat(Http.ask(config.socket(), "DELETE", "/api/v1" + path, "").status())
            .as(path)
            .isIn(400, 404, 405);
      }
      assertThat(Http.ask(config.socket(), "GET", "/api/v1/volumes?owner=" + part, "").status())
          .isIn(200, 400);
    }
    assertThat(footprint()).isEqualTo(before);
  }

  @Test
  void inALabelIsKeptAsItIs() {
    String sql = STATEMENTS.getFirst();
    create(wantedInMemory("data").putLabels("note", sql));

    assertThat(get("data").getLabelsMap()).containsEntry("note", sql);
    ListVolumesRequest filter = ListVolumesRequest.newBuilder().putLabelFilter("note", sql).build();
    assertThat(volumes.listVolumes(filter).getVolumesList()).hasSize(1);
  }

  private void note(List<String> wrong, MethodDescriptor<?, ?> method, Message request) {
    Methods.refusal(channel(), method, request)
        .filter(refusal -> FAULTS.contains(refusal.getStatus().getCode()))
        .ifPresent(refusal ->
            wrong.add(method.getBareMethodName() + ": " + refusal.getStatus() + " for " + request));
  }

  private List<String> tables() {
    return rows.query("select format('%s.%s', schemaname, tablename) from pg_tables order by 1");
  }

  /** Every string of a request, also of the messages in it, once each. */
  private static Set<FieldDescriptor> strings(Descriptor message) {
    Set<FieldDescriptor> found = new java.util.LinkedHashSet<>();
    collect(message, found);
    return found;
  }

  private static void collect(Descriptor message, Set<FieldDescriptor> found) {
    for (FieldDescriptor field : message.getFields()) {
      if (field.getJavaType() == JavaType.STRING) {
        found.add(field);
      } else if (field.getJavaType() == JavaType.MESSAGE) {
        collect(field.getMessageType(), found);
      }
    }
  }

  /**
   * Every field with something in it, so that little is refused for what is missing.
   *
   * @param one the string that has the text, or all if null; others have an x
   */
  private static Message.Builder filled(Message empty, String text, FieldDescriptor one) {
    Message.Builder message = empty.newBuilderForType();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.getJavaType() == JavaType.BOOLEAN || inUse(message, field)) {
        continue;
      }
      Object value = value(message, field, text, one);
      if (field.isRepeated()) {
        message.addRepeatedField(field, value);
      } else {
        message.setField(field, value);
      }
    }
    return message;
  }

  private static boolean inUse(Message.Builder message, FieldDescriptor field) {
    return field.getRealContainingOneof() != null
        && message.hasOneof(field.getRealContainingOneof());
  }

  private static Object value(
      Message.Builder message, FieldDescriptor field, String text, FieldDescriptor one) {
    return switch (field.getJavaType()) {
      case STRING -> one == null || one.equals(field) ? text : "x";
      case INT -> 1;
      case LONG -> 16L << 20;
      case ENUM -> field.getEnumType().getValues().get(1);
      case MESSAGE -> {
        Message.Builder part = message.newBuilderForField(field);
        yield filled(part.build(), text, one).build();
      }
      case BOOLEAN, FLOAT, DOUBLE, BYTE_STRING ->
          throw new AssertionError("no request has such a field: " + field.getFullName());
    };
  }
}
