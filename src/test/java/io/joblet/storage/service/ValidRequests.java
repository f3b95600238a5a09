package io.joblet.storage.service;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.CreateTokenRequest;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.GetOwnerRequest;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.ListAuditRequest;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.ListOwnersRequest;
import io.joblet.storage.v1.ListSharesRequest;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.OwnerLimits;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RenewLeaseRequest;
import io.joblet.storage.v1.ReportHistoryRequest;
import io.joblet.storage.v1.ReportRequest;
import io.joblet.storage.v1.RevokeTokenRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SetOwnerLimitsRequest;
import io.joblet.storage.v1.ShareVolumeRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.joblet.storage.v1.StreamLogsRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UnshareVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Userland;
import io.joblet.storage.v1.VolumeMount;
import io.joblet.storage.v1.VolumeType;
import io.joblet.storage.v1.WatchVolumesRequest;
import io.joblet.storage.v1.joblet.CreateVolumeReq;
import io.joblet.storage.v1.joblet.RemoveVolumeReq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Requests of every method that are accepted, and what they name: a string of one of them can be
 * replaced, and is looked at, since nothing else of the request is refused before it.
 */
final class ValidRequests {
  private static final String SPARE = "spare";
  private static final String HELD = "held";
  private static final String TRASHED = "trashed";
  private static final String HOLDER = "holder";
  private static final String SLEEPER = "sleeper";
  private static final String CAROL = "carol";
  private static final Set<String> JOBS = Set.of(HOLDER, SLEEPER);

  private static final String JOBS_THERE = "select name from job where state <> 'ENDED'";
  private static final String RUNNING = JOBS_THERE + " and name = ?";

  private static final String VOLUMES_THERE =
      "select id from volume where name not in ('data', 'spare', 'held', 'trashed')"
          + " or state = 'TRASHED' and name <> 'trashed'";

  private final ServiceTest test;
  private final AccessServiceGrpc.AccessServiceBlockingStub access;
  private final Path userland;

  /**
   * @param userland an empty directory, which is made the root of a job
   */
  ValidRequests(ServiceTest test, Path userland) throws IOException {
    this.test = test;
    this.access = AccessServiceGrpc.newBlockingStub(test.channel());
    this.userland = userland;
    Path programs = Files.createDirectory(userland.resolve("bin"));
    Files.copy(Path.of("/bin/busybox"), programs.resolve("true"));
  }

  /**
   * What is wrong with the requests themselves, and the daemon's own faults where one string of one
   * has one of the texts. One at a time, where all else is as it should be, so that nothing hides
   * it.
   */
  List<String> wrong(List<String> texts) {
    List<String> wrong = new ArrayList<>();
    try {
      for (MethodDescriptor<?, ?> method : Filled.methods()) {
        wrong.addAll(wrong(method));
        texts.forEach(text -> wrong.addAll(faults(method, text)));
      }
    } finally {
      leave();
    }
    return wrong;
  }

  /** Makes what is missing of what the requests name, and removes what they made. */
  private void tidy() {
    removeWhatIsNotTheirs();
    List<String> there =
        test.rows.query("select name from volume where state in ('AVAILABLE', 'TRASHED')");
    if (!there.contains(SPARE)) {
      test.create(ServiceTest.wantedInMemory(SPARE));
    }
    if (!there.contains(HELD)) {
      test.create(ServiceTest.wantedInMemory(HELD));
    }
    if (!there.contains(TRASHED)) {
      test.create(TRASHED);
      test.delete(TRASHED);
    }
    if (test.rows.query("select 1 from attachment").isEmpty()) {
      test.volumes.attachVolume(
          ServiceTest.attaching(HELD, HOLDER).setMountPath("/data").setLiveness(lease()).build());
    }
    if (test.rows.query(RUNNING, SLEEPER).isEmpty()) {
      RunJobRequest run =
          RunJobRequest.newBuilder().setJobId(SLEEPER).addCommand("sleep").addCommand("60").build();
      test.jobs.runJob(run);
    }
    access.shareVolume(share());
    if (tokens().isEmpty()) {
      access.createToken(token());
    }
  }

  private void removeWhatIsNotTheirs() {
    for (String job : test.rows.query(JOBS_THERE)) {
      if (!JOBS.contains(job)) {
        test.jobs.removeJob(RemoveJobRequest.newBuilder().setJob(job).setForce(true).build());
      }
    }
    for (String id : test.rows.query(VOLUMES_THERE)) {
      test.volumes.deleteVolume(
          DeleteVolumeRequest.newBuilder().setVolume(id).setForce(true).setPurge(true).build());
    }
    List<String> tokens = tokens();
    for (String token : tokens.subList(Math.min(1, tokens.size()), tokens.size())) {
      access.revokeToken(RevokeTokenRequest.newBuilder().setId(token).build());
    }
  }

  private List<String> tokens() {
    return test.rows.query("select id from api_token where revoked_at is null order by created_at");
  }

  /** Whatever is said of requests that are as they should be, and strings that none of them has. */
  private List<String> wrong(MethodDescriptor<?, ?> method) {
    List<String> wrong = new ArrayList<>();
    Set<String> reached = new HashSet<>();
    tidy();
    for (Message request : of(method)) {
      Methods.refusal(test.channel(), method, request)
          .ifPresent(refusal -> wrong.add(method.getBareMethodName() + ": " + refusal));
      with(request, "x").keySet().forEach(path -> reached.add(path.replaceAll(".*[.]", "")));
      tidy();
    }
    for (FieldDescriptor field : Filled.strings(Methods.request(method))) {
      if (reached.stream()
          .noneMatch(name -> name.replaceAll("\\[.*", "").equals(field.getName()))) {
        wrong.add("no request of " + method.getBareMethodName() + " reaches " + field);
      }
    }
    return wrong;
  }

  /** The daemon's own faults if one string of a request has the text. */
  private List<String> faults(MethodDescriptor<?, ?> method, String text) {
    List<String> faults = new ArrayList<>();
    for (Message request : of(method)) {
      for (Message other : with(request, text).values()) {
        Optional<StatusRuntimeException> refusal = Methods.refusal(test.channel(), method, other);
        refusal.flatMap(r -> Filled.fault(r, method, other)).ifPresent(faults::add);
        if (refusal.isEmpty()) {
          tidy();
        }
      }
    }
    return faults;
  }

  /** Without the jobs and volumes, which a test of the service leaves behind anyway. */
  private void leave() {
    tokens()
        .forEach(token -> access.revokeToken(RevokeTokenRequest.newBuilder().setId(token).build()));
    test.rows.change("delete from owner_limit");
  }

  private List<Message> of(MethodDescriptor<?, ?> method) {
    List<Message> requests =
        Stream.of(volumes(), jobs(), access(), others())
            .flatMap(List::stream)
            .filter(request -> request.getDescriptorForType().equals(Methods.request(method)))
            .toList();
    if (requests.isEmpty()) {
      throw new AssertionError("no valid request is known for " + method.getFullMethodName());
    }
    return requests;
  }

  private static List<Message> volumes() {
    return List.of(
        CreateVolumeRequest.newBuilder()
            .setName("made")
            .setType(VolumeType.MEMORY)
            .setSizeBytes(ServiceTest.MIB)
            .putLabels("team", "build")
            .setOwner(CAROL)
            .build(),
        ListVolumesRequest.newBuilder().putLabelFilter("team", "build").setOwner(CAROL).build(),
        GetVolumeRequest.newBuilder().setVolume(SPARE).build(),
        UpdateVolumeRequest.newBuilder()
            .setVolume(SPARE)
            .setUpdateMask(FieldMask.newBuilder().addPaths("labels"))
            .putLabels("team", "build")
            .build(),
        DeleteVolumeRequest.newBuilder().setVolume(SPARE).setPurge(true).build(),
        UndeleteVolumeRequest.newBuilder().setVolume(TRASHED).setNewName("again").build(),
        AttachVolumeRequest.newBuilder()
            .setVolume(SPARE)
            .setJobId("job")
            .setMountPath("/data")
            .setLiveness(lease())
            .build(),
        DetachVolumeRequest.newBuilder()
            .setVolume(HELD)
            .setJobId(HOLDER)
            .setMountPath("/data")
            .build(),
        PrepareVolumesRequest.newBuilder()
            .setJobId("job")
            .addVolumes(mount())
            .setLiveness(lease())
            .build(),
        CleanupVolumesRequest.newBuilder().setJobId(HOLDER).build(),
        RenewLeaseRequest.newBuilder().setJobId(HOLDER).build(),
        WatchVolumesRequest.newBuilder().setVolume(SPARE).setLastEvents(1).build());
  }

  private List<Message> jobs() {
    JobFilesystem directory =
        JobFilesystem.newBuilder()
            .setUserland(Userland.DIRECTORY)
            .setDirectory(userland.toString())
            .build();
    return List.of(
        RunJobRequest.newBuilder()
            .setJobId("job")
            .addCommand("true")
            .addCommand("argument")
            .putEnvironment("A", "b")
            .setWorkingDirectory("/data")
            .addVolumes(mount())
            .build(),
        RunJobRequest.newBuilder().addCommand("true").setFilesystem(directory).build(),
        PrepareFilesystemRequest.newBuilder()
            .setJobId("job")
            .setFilesystem(directory)
            .addVolumes(mount())
            .setLiveness(lease())
            .build(),
        GetJobRequest.newBuilder().setJob(SLEEPER).build(),
        ListJobsRequest.newBuilder().setOwner(CAROL).build(),
        StreamLogsRequest.newBuilder().setJob(SLEEPER).build(),
        SignalJobRequest.newBuilder().setJob(SLEEPER).setSignal(18).build(),
        StopJobRequest.newBuilder().setJob(SLEEPER).build(),
        RemoveJobRequest.newBuilder().setJob(SLEEPER).setForce(true).build());
  }

  private List<Message> access() {
    return List.of(
        SetOwnerLimitsRequest.newBuilder()
            .setOwner(CAROL)
            .setUpdateMask(FieldMask.newBuilder().addPaths("volumes"))
            .setLimits(OwnerLimits.newBuilder().setVolumes(9))
            .build(),
        GetOwnerRequest.newBuilder().setOwner(CAROL).build(),
        ListOwnersRequest.getDefaultInstance(),
        share(),
        ListSharesRequest.newBuilder().setVolume(SPARE).build(),
        UnshareVolumeRequest.newBuilder().setVolume(SPARE).setWithOwner(CAROL).build(),
        token().toBuilder().setName("made").build(),
        RevokeTokenRequest.newBuilder().setId(tokens().getFirst()).build());
  }

  private static List<Message> others() {
    return List.of(
        RecoverRequest.getDefaultInstance(),
        ListAuditRequest.newBuilder().setOwner(CAROL).build(),
        ReportRequest.newBuilder().setOwner(CAROL).build(),
        ReportHistoryRequest.newBuilder()
            .setVolume(SPARE)
            .setFrom(LocalDate.now(ZoneOffset.UTC).minusDays(1).toString())
            .setTo(LocalDate.now(ZoneOffset.UTC).toString())
            .build(),
        ReportHistoryRequest.newBuilder().setOwner(CAROL).build(),
        CreateVolumeReq.newBuilder().setName("made").setSize("1MB").setType("memory").build(),
        RemoveVolumeReq.newBuilder().setName(SPARE).build());
  }

  private static Liveness lease() {
    return Liveness.newBuilder().setLease(Duration.newBuilder().setSeconds(3600)).build();
  }

  private static VolumeMount mount() {
    return VolumeMount.newBuilder().setVolume(SPARE).setMountPath("/data").build();
  }

  private static ShareVolumeRequest share() {
    return ShareVolumeRequest.newBuilder().setVolume(SPARE).setWithOwner(CAROL).build();
  }

  private static CreateTokenRequest token() {
    return CreateTokenRequest.newBuilder()
        .setName("kept")
        .setOwner(CAROL)
        .setRole("reader")
        .setLife(Duration.newBuilder().setSeconds(3600))
        .build();
  }

  /**
   * The request, each time with the text in another one of its strings, also in those that it does
   * not set, and in those of its parts.
   */
  static Map<String, Message> with(Message request, String text) {
    Map<String, Message> all = new LinkedHashMap<>();
    for (FieldDescriptor field : request.getDescriptorForType().getFields()) {
      String name = field.getName();
      boolean string = field.getJavaType() == JavaType.STRING;
      if (field.isRepeated()) {
        for (int i = 0; i < request.getRepeatedFieldCount(field); i++) {
          int index = i;
          Object part = request.getRepeatedField(field, i);
          parts(string, part, text)
              .forEach((path, value) ->
                  all.put(
                      name + "[" + index + "]" + path,
                      request.toBuilder().setRepeatedField(field, index, value).build()));
        }
      } else if (string || (field.getJavaType() == JavaType.MESSAGE && request.hasField(field))) {
        parts(string, request.getField(field), text)
            .forEach((path, value) ->
                all.put(name + path, request.toBuilder().setField(field, value).build()));
      }
    }
    return all;
  }

  private static Map<String, Object> parts(boolean string, Object part, String text) {
    if (string) {
      return Map.of("", text);
    }
    Map<String, Object> parts = new LinkedHashMap<>();
    if (part instanceof Message message) {
      with(message, text).forEach((path, whole) -> parts.put("." + path, whole));
    }
    return parts;
  }
}
