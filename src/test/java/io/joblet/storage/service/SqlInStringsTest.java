package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.joblet.storage.v1.ListVolumesRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements of SQL in every string of every method, as an admin, who may call them all. */
@QuarkusTest
class SqlInStringsTest extends ServiceTest {
  private static final List<String> STATEMENTS =
      List.of("x'; drop table volume_share; --", "' or '1'='1", "x\\'; delete from volume; --");

  @TempDir Path userland;

  @Test
  void inAllStringsOfARequestStoresNothing() {
    create("data");
    Footprint before = footprint();
    List<String> wrong = new ArrayList<>();
    int strings = 0;
    for (MethodDescriptor<?, ?> method : Filled.methods()) {
      strings += Filled.strings(Methods.request(method)).size();
      for (String sql : STATEMENTS) {
        Message request = Filled.with(Methods.empty(method), sql).build();
        Filled.fault(channel(), method, request).ifPresent(wrong::add);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(strings).isGreaterThan(60);
    assertThat(footprint()).isEqualTo(before);
  }

  @Test
  void inEachStringOfAValidRequestIsNothingButText() throws IOException {
    create("data");
    List<String> tables = tables();

    assertThat(new ValidRequests(this, userland).wrong(STATEMENTS)).isEmpty();
    assertThat(tables()).isEqualTo(tables);
    assertThat(rows.query("select name from volume order by name"))
        .containsExactly("data", "held", "spare", "trashed");
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

  private List<String> tables() {
    return rows.query("select format('%s.%s', schemaname, tablename) from pg_tables order by 1");
  }
}
