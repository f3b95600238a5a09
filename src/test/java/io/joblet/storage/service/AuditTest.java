package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import io.grpc.Status.Code;
import io.joblet.storage.journal.Audit;
import io.joblet.storage.reconcile.HistorySweep;
import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.AuditEntry;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.CreateTokenRequest;
import io.joblet.storage.v1.CreateTokenResponse;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.ListAuditRequest;
import io.joblet.storage.v1.ListAuditResponse;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.RevokeTokenRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.ShareVolumeRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.joblet.RemoveVolumeReq;
import io.joblet.storage.v1.joblet.VolumeServiceGrpc;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who changed what, from where, and what came of it. */
@QuarkusTest
class AuditTest extends RemoteTest {
  @Inject HistorySweep history;
  @Inject Audit audit;

  @BeforeEach
  void forgetWhatOtherTestsLeft() {
    rows.change("delete from audit");
  }

  @AfterEach
  void forgetTokens() {
    rows.change("delete from api_token");
  }

  @Test
  void aChangeIsThereWithWhoFromWhereWhatAndThatItSucceeded() {
    volumes.createVolume(wanted("data").setRequestId("first").build());

    AuditEntry entry = only();
    assertThat(entry.getPrincipal()).isEqualTo("uid:0");
    assertThat(entry.getRole()).isEqualTo("admin");
    assertThat(entry.getOwner()).isEqualTo("root");
    assertThat(entry.getSource()).startsWith("unix:uid=0 pid=" + ProcessHandle.current().pid());
    assertThat(entry.getMethod()).isEqualTo("CreateVolume");
    assertThat(entry.getTarget()).isEqualTo("data");
    assertThat(entry.getRequestId()).isEqualTo("first");
    assertThat(entry.getOutcome()).isEqualTo("OK");
    assertThat(entry.getMessage()).isEmpty();
    assertThat(entry.getDurationUs()).isPositive();
    assertThat(entry.hasAt()).isTrue();
  }

  @Test
  void everyKindOfChangeIsThereOnceTheLatestFirst() {
    create("data");
    attach("data", "job");
    detach("data", "job");
    AccessServiceGrpc.newBlockingStub(channel())
        .shareVolume(ShareVolumeRequest.newBuilder().setVolume("data").setWithOwner("bob").build());
    delete("data");
    admin.sweep(SweepRequest.newBuilder().setKind(SweepRequest.Kind.TRASH).build());
    fix();

    assertThat(entries())
        .extracting(e -> e.getMethod() + " " + e.getTarget() + " " + e.getRelated())
        .containsExactly(
            "Doctor  ",
            "Sweep TRASH ",
            "DeleteVolume data ",
            "ShareVolume data bob",
            "DetachVolume data job",
            "AttachVolume data job",
            "CreateVolume data ");
    assertThat(entries()).extracting(AuditEntry::getOutcome).containsOnly("OK");
  }

  @Test
  void whatChangesNothingIsNotThere() {
    create("data");
    rows.change("delete from audit");

    get("data");
    volumes.listVolumes(ListVolumesRequest.getDefaultInstance());
    admin.doctor(DoctorRequest.getDefaultInstance());
    admin.sweep(SweepRequest.newBuilder().setKind(SweepRequest.Kind.IDLE).setDryRun(true).build());

    assertThat(entries()).isEmpty();
  }

  @Test
  void anAnswerThatIsGivenAgainIsNoSecondChange() {
    CreateVolumeRequest request = wanted("data").setRequestId("again").build();
    volumes.createVolume(request);
    volumes.createVolume(request);
    assertThat(only().getOutcome()).isEqualTo("OK");

    Refused.by(() -> volumes.createVolume(request.toBuilder().setName("other").build()));

    assertThat(entries())
        .extracting(e -> e.getTarget() + " " + e.getOutcome())
        .containsExactly("other INVALID_ARGUMENT", "data OK");
  }

  /** Its row is written when it begins, and says in the end what came of it. */
  @Test
  void whatWasRefusedHalfWayIsThereOnce() {
    create("data");
    Process user = start(Path.of(attach("data", "job").getHostPath()), "sleep", "600");
    rows.change("delete from audit");
    var cleanup = CleanupVolumesRequest.newBuilder().setJobId("job").build();

    Refused.by(() -> volumes.cleanupVolumes(cleanup));
    assertThat(only().getOutcome()).isEqualTo("FAILED_PRECONDITION");
    end(user);
    volumes.cleanupVolumes(cleanup);
    assertThat(entries()).hasSize(2).first().extracting(AuditEntry::getOutcome).isEqualTo("OK");
  }

  @Test
  void whatARuleRefusedIsThereWithWhatTheCallerWasTold() {
    create("data");
    rows.change("delete from audit");

    Refused taken = Refused.by(() -> create("data"));
    Refused unknown =
        Refused.by(() ->
            jobs.signalJob(SignalJobRequest.newBuilder().setJob("none").setSignal(9).build()));

    assertThat(entries())
        .extracting(e -> e.getMethod() + " " + e.getTarget() + " " + e.getOutcome())
        .containsExactly("SignalJob none NOT_FOUND", "CreateVolume data ALREADY_EXISTS");
    assertThat(entries())
        .extracting(AuditEntry::getMessage)
        .containsExactly(unknown.message(), taken.message());
  }

  @Test
  void whatARoleRefusedIsThereWithWhoAndFromWhere() {
    Remote reader = as("alice", "reader");
    Refused.by(() -> reader.volumes().createVolume(wanted("data").build()));
    Refused.by(() -> reader.admin().listAudit(ListAuditRequest.getDefaultInstance()));

    await().until(() -> !entries().isEmpty());
    AuditEntry entry = only();
    assertThat(entry.getPrincipal()).isEqualTo("cn:alice");
    assertThat(entry.getRole()).isEqualTo("reader");
    assertThat(entry.getOwner()).isEqualTo("alice");
    assertThat(entry.getSource()).startsWith("127.0.0.1:");
    assertThat(entry.getMethod()).isEqualTo("CreateVolume");
    assertThat(entry.getTarget()).isEmpty();
    assertThat(entry.getOutcome()).isEqualTo("PERMISSION_DENIED");
    assertThat(entry.getMessage())
        .isEqualTo("role reader is not allowed to perform operation create_volume");
  }

  @Test
  void restIsInItToo() throws IOException {
    String secret = token("ci", "alice", "reader").getSecret();
    rows.change("delete from audit");
    String body = "{\"name\":\"data\",\"type\":\"memory\",\"size_bytes\":1048576}";

    Http.Answer refused =
        Http.ask(
            config.socket(), "POST", "/api/v1/volumes", body, "Authorization: Bearer " + secret);
    await().until(() -> !entries().isEmpty());
    Http.Answer made = Http.ask(config.socket(), "POST", "/api/v1/volumes", body);

    assertThat(List.of(refused.status(), made.status())).containsExactly(403, 201);
    assertThat(entries())
        .extracting(e -> e.getPrincipal() + " " + e.getMethod() + " " + e.getOutcome())
        .containsExactly("uid:0 CreateVolume OK", "token:alice/ci CreateVolume PERMISSION_DENIED");
    assertThat(Http.ask(config.socket(), "GET", "/api/v1/audit?owner=alice", "").body())
        .contains("token:alice/ci")
        .doesNotContain("uid:0");
  }

  @Test
  void aCommandThatCouldNotBeExecutedIsNoSuccess() {
    RunJobRequest run = RunJobRequest.newBuilder().addCommand("/no/such/program").build();

    Code attached = Refused.by(() -> jobs.runAttached(run).next()).code();
    Code detached = Refused.by(() -> jobs.runJob(run.toBuilder().setRequestId("r").build())).code();

    assertThat(entries())
        .extracting(e -> e.getMethod() + " " + e.getOutcome())
        .containsExactly("RunJob " + detached, "RunAttached " + attached)
        .doesNotContain("RunJob OK");
  }

  @Test
  void whatTheOlderContractTellsInItsAnswerIsThereWithItsCode() {
    VolumeServiceGrpc.newBlockingStub(channel())
        .removeVolume(RemoveVolumeReq.newBuilder().setName("none").build());

    assertThat(only())
        .extracting(AuditEntry::getMethod, AuditEntry::getTarget, AuditEntry::getOutcome)
        .containsExactly("RemoveVolume", "none", "NOT_FOUND");
  }

  @Test
  void noSecretIsInIt() {
    var access = AccessServiceGrpc.newBlockingStub(channel());
    CreateTokenResponse made = token("ci", "alice", "reader");
    access.revokeToken(RevokeTokenRequest.newBuilder().setId(made.getToken().getId()).build());
    RunJobRequest run =
        RunJobRequest.newBuilder().addCommand("true").putEnvironment("PASSWORD", "hunter2").build();
    jobs.runAttached(run).forEachRemaining(output -> {});
    jobs.runJob(run.toBuilder().setRequestId("run-1").build());
    Refused bad =
        Refused.by(() -> jobs.runJob(run.toBuilder().putEnvironment("BAD", "hunter2\0").build()));
    assertThat(bad.code()).isEqualTo(Code.INVALID_ARGUMENT);

    assertThat(entries())
        .extracting(AuditEntry::getMethod)
        .containsExactly("RunJob", "RunJob", "RunAttached", "RevokeToken", "CreateToken");
    assertThat(rows.query("select audit::text from audit"))
        .hasSize(5)
        .noneMatch(row -> row.contains("hunter2") || row.contains(made.getSecret()));
    assertThat(entries().getLast())
        .extracting(AuditEntry::getTarget, AuditEntry::getRelated)
        .containsExactly("ci", "alice");
  }

  @Test
  void whatAChangeWasToBecomeIsThereAlsoWhenItWasRefused() {
    create(wanted("data").putLabels("team", "search").setRequestId("r"));
    Refused.by(() ->
        volumes.updateVolume(
            UpdateVolumeRequest.newBuilder()
                .setVolume("data")
                .setSizeBytes(1)
                .setUpdateMask(FieldMask.newBuilder().addPaths("size_bytes"))
                .build()));
    delete("data");

    assertThat(
            rows.query(
                "select coalesce(wanted::text, 'nothing') from report.audit order by audit_id"))
        .containsExactly(
            "{\"type\": \"FILESYSTEM\", \"labels\": {\"team\": \"search\"},"
                + " \"size_bytes\": \"16777216\"}",
            "{\"size_bytes\": \"1\", \"update_mask\": \"sizeBytes\"}",
            "nothing");
    assertThat(entries().getLast().getWanted()).contains("search");
    assertThat(entries()).extracting(AuditEntry::getCalls).containsOnly(1L);
  }

  @Test
  void whatIsWantedOfAnyLengthOrKindIsNoFault() {
    assertThat(Refused.by(() -> create(wanted("a").putLabels("k", "a\0b"))).code())
        .isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(Refused.by(() -> create(wanted("b").putLabels("k", "x".repeat(100_000)))).code())
        .isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(
            Refused.by(() ->
                    create(
                        wantedInMemory("c")
                            .setIdleTimeout(Duration.newBuilder().setSeconds(Long.MAX_VALUE))))
                .code())
        .isEqualTo(Code.INVALID_ARGUMENT);

    String hostile = "\\u0000 \\\\ \"";
    create(wantedInMemory("d").putLabels("k", hostile));
    assertThat(rows.query("select wanted #>> '{labels,k}' from audit where target = 'd'"))
        .containsExactly(hostile);

    assertThat(entries().subList(1, 4))
        .extracting(AuditEntry::getTarget, e -> e.getWanted().length() < 200)
        .containsExactly(tuple("c", true), tuple("b", true), tuple("a", true));
    assertThat(entries().get(2).getWanted()).startsWith("{\"too_long_bytes\": 1000");
  }

  @Test
  void whoIsRefusedTimeAndAgainIsCounted() {
    Remote reader = as("mallory", "reader");
    int calls = 200;
    Clients.together(calls, i -> reader.volumes().createVolume(wanted("v" + i).build()));
    await()
        .until(() -> rows.count("select count(*) from audit where principal = 'cn:mallory'") >= 60);
    Refused.by(() -> create("-"));

    audit.writeCounted(Instant.now());
    assertThat(rows.query("select sum(calls) from audit where principal = 'cn:mallory'"))
        .containsExactly("60");
    audit.writeCounted(Instant.now().plusSeconds(61));

    assertThat(rows.query("select sum(calls) from audit where principal = 'cn:mallory'"))
        .containsExactly("" + calls);
    assertThat(
            rows.query(
                "select calls from audit where principal = 'cn:mallory' order by calls desc limit 2"))
        .containsExactly("140", "1");
    assertThat(rows.query("select target from audit where principal = 'uid:0'"))
        .containsExactly("-");
  }

  @Test
  void callersThatNobodyKnowsAreCounted() throws IOException {
    double before = unknownCallers();
    Refused.by(() -> with(null).volumes().createVolume(wanted("data").build()));
    Http.ask(
        config.socket(), "POST", "/api/v1/volumes", "{}", "Authorization: Bearer " + "jbt_none");

    assertThat(unknownCallers() - before).isEqualTo(2);
    assertThat(entries()).isEmpty();
  }

  private double unknownCallers() throws IOException {
    return http("/q/metrics")
        .lines()
        .filter(line -> line.startsWith("joblet_unknown_callers_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void itIsReadByOwnerAndInPages() {
    for (int i = 0; i < 5; i++) {
      create(wantedInMemory("v" + i));
    }
    as("alice", "maintainer").volumes().createVolume(wantedInMemory("hers").build());

    ListAuditResponse page =
        admin.listAudit(ListAuditRequest.newBuilder().setOwner("root").setPageSize(3).build());
    List<String> names = new ArrayList<>();
    page.getEntriesList().forEach(e -> names.add(e.getTarget()));
    ListAuditResponse last =
        admin.listAudit(
            ListAuditRequest.newBuilder()
                .setOwner("root")
                .setPageSize(3)
                .setPageToken(page.getNextPageToken())
                .build());
    last.getEntriesList().forEach(e -> names.add(e.getTarget()));

    assertThat(names).containsExactly("v4", "v3", "v2", "v1", "v0");
    assertThat(last.getNextPageToken()).isEmpty();
    assertThat(entries()).hasSize(6).first().extracting(AuditEntry::getOwner).isEqualTo("alice");
  }

  @Test
  void itIsDroppedWithTheHistory() {
    create("old");
    create("new");
    rows.change("update audit set at = now() - interval '91 days' where target = 'old'");

    history.run();

    assertThat(only().getTarget()).isEqualTo("new");
  }

  @Test
  void aChangeIsDoneThoughTheAuditCannotBeWrittenOfItsRefusal() {
    rows.change("alter table audit add constraint none check (outcome = 'OK')");
    try {
      create("data");
      assertThat(Refused.by(() -> create("data")).code()).isEqualTo(Code.ALREADY_EXISTS);
    } finally {
      rows.change("alter table audit drop constraint none");
    }
    assertThat(only().getOutcome()).isEqualTo("OK");
  }

  private CreateTokenResponse token(String name, String owner, String role) {
    return AccessServiceGrpc.newBlockingStub(channel())
        .createToken(
            CreateTokenRequest.newBuilder().setName(name).setOwner(owner).setRole(role).build());
  }

  private AuditEntry only() {
    assertThat(entries()).hasSize(1);
    return entries().getFirst();
  }

  private List<AuditEntry> entries() {
    return admin.listAudit(ListAuditRequest.getDefaultInstance()).getEntriesList();
  }
}
