package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.FieldMask;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.stub.ClientCalls;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The same id with the same body: one effect, one answer. */
@QuarkusTest
class RequestIdTest extends ServiceTest {

  @Test
  void givesTheSameBytesAgainAndDoesNothingMore() {
    CreateVolumeRequest request = wanted("data").setRequestId("r-1").putLabels("a", "b").build();
    byte[] first = volumes.createVolume(request).toByteArray();
    Footprint after = footprint();

    assertThat(volumes.createVolume(request).toByteArray()).isEqualTo(first);
    assertThat(footprint()).isEqualTo(after);
  }

  @Test
  void isKeptThroughTheWholeLifeOfAVolume() {
    create("data");
    var attach = attaching("data", "job").setRequestId("r-2").build();
    var detach = DetachVolumeRequest.newBuilder().setVolume("data").setRequestId("r-3").build();
    var delete = DeleteVolumeRequest.newBuilder().setVolume("data").setRequestId("r-4").build();
    byte[] attached = volumes.attachVolume(attach).toByteArray();
    byte[] detached = volumes.detachVolume(detach).toByteArray();
    byte[] deleted = volumes.deleteVolume(delete).toByteArray();

    assertThat(volumes.attachVolume(attach).toByteArray()).isEqualTo(attached);
    assertThat(volumes.detachVolume(detach).toByteArray()).isEqualTo(detached);
    assertThat(volumes.deleteVolume(delete).toByteArray()).isEqualTo(deleted);
    assertThat(rows.count("select count(*) from attachment")).isZero();
  }

  /** What was promised when a change was begun says the version that it will have. */
  @Test
  void aResizeIsTwoVersions() {
    long before = create("data").getRowVersion();
    UpdateVolumeRequest resize =
        UpdateVolumeRequest.newBuilder()
            .setVolume("data")
            .setSizeBytes(64 << 20)
            .setUpdateMask(FieldMask.newBuilder().addPaths("size_bytes"))
            .setRequestId("r-resize")
            .build();

    long after = volumes.updateVolume(resize).getVolume().getRowVersion();

    assertThat(after).isEqualTo(before + 2);
  }

  @Test
  void isRefusedForAnotherBodyOrMethod() {
    volumes.createVolume(wanted("data").setRequestId("r-5").build());

    Refused body = Refused.by(() -> create(wanted("other").setRequestId("r-5")));
    Refused method =
        Refused.by(() ->
            volumes.cleanupVolumes(
                CleanupVolumesRequest.newBuilder().setJobId("job").setRequestId("r-5").build()));

    assertThat(List.of(body.code(), method.code())).containsOnly(Code.INVALID_ARGUMENT);
    assertThat(body.fields()).containsExactly("request_id");
    assertThat(method.fields()).containsExactly("request_id");
  }

  @Test
  void doesNotDependOnTheOrderInWhichAClientWritesLabels() {
    byte[] forward = labelled("a", "b");
    byte[] backward = labelled("b", "a");
    assertThat(forward).isNotEqualTo(backward);

    byte[] first = createBy(forward);

    assertThat(createBy(backward)).isEqualTo(first);
  }

  @Test
  void isFreeAgainAfterARefusal() {
    CreateVolumeRequest request = wanted("data").setRequestId("r-7").build();
    create("data");
    assertThat(Refused.by(() -> volumes.createVolume(request)).code())
        .isEqualTo(Code.ALREADY_EXISTS);
    delete("data");

    assertThat(volumes.createVolume(request).getVolume().getName()).isEqualTo("data");
  }

  /** What cannot be taken back is finished, by the sweep or by whoever asks again. */
  @Test
  void ofWhatWasRefusedHalfWayDoesNotMeanWhatHasTheNameSince() throws Exception {
    CleanupVolumesRequest request =
        CleanupVolumesRequest.newBuilder().setJobId("job").setRequestId("r-9").build();
    refusedHalfWayAndThenSettled(() -> volumes.cleanupVolumes(request));
    attach("data", "job");

    assertThat(volumes.cleanupVolumes(request).getDetached()).isEqualTo(1);

    assertThat(get("data").getStatus()).isEqualTo("in_use");
  }

  @Test
  void ofARemovalThatWasRefusedHalfWayDoesNotRemoveWhatHasTheNameSince() throws Exception {
    RemoveJobRequest request =
        RemoveJobRequest.newBuilder().setJob("job").setRequestId("r-10").build();
    refusedHalfWayAndThenSettled(() -> jobs.removeJob(request));
    assertThat(rows.count("select count(*) from job")).isZero();
    attach("data", "job");

    jobs.removeJob(request);

    assertThat(get("data").getStatus()).isEqualTo("in_use");
  }

  /** A process keeps the volume of the job busy while its end is asked for. */
  private void refusedHalfWayAndThenSettled(ThrowingCallable end) {
    create("data");
    Process user = start(Path.of(attach("data", "job").getHostPath()), "sleep", "600");
    assertThat(Refused.by(end).inTheWay()).isEqualTo("pid/" + user.pid());
    end(user);
    settling.settleAll();
  }

  @Test
  void hasOneEffectForManyAtTheSameTime() throws Exception {
    CreateVolumeRequest request = wanted("data").setRequestId("r-8").build();
    Callable<byte[]> call = () -> volumes.createVolume(request).toByteArray();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> answers = threads.invokeAll(Collections.nCopies(20, call));
      byte[] first = answers.getFirst().get();
      for (Future<byte[]> answer : answers) {
        assertThat(answer.get()).isEqualTo(first);
      }
    }
    assertThat(rows.count("select count(*) from volume")).isEqualTo(1);
  }

  /** Written by hand, since the generated code has an order of its own. */
  private static byte[] labelled(String first, String second) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      wanted("data").setRequestId("r-6").build().writeTo(out);
      for (String key : List.of(first, second)) {
        CreateVolumeRequest.newBuilder().putLabels(key, "v").build().writeTo(out);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private byte[] createBy(byte[] request) {
    MethodDescriptor<byte[], byte[]> raw =
        VolumeServiceGrpc.getCreateVolumeMethod().toBuilder(new RawBytes(), new RawBytes()).build();
    return ClientCalls.blockingUnaryCall(channel(), raw, CallOptions.DEFAULT, request);
  }
}
