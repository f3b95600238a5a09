import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.Chunk;
import io.joblet.storage.v1.GetJobResponse;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.ListJobsResponse;
import io.joblet.storage.v1.RemoveJobResponse;
import io.joblet.storage.v1.RunJobResponse;
import io.joblet.storage.v1.SignalJobResponse;
import io.joblet.storage.v1.StopJobResponse;
import io.joblet.storage.v1.Userland;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.AttachVolumeResponse;
import io.joblet.storage.v1.CleanupVolumesResponse;
import io.joblet.storage.v1.CreateVolumeResponse;
import io.joblet.storage.v1.DeleteVolumeResponse;
import io.joblet.storage.v1.DetachVolumeResponse;
import io.joblet.storage.v1.DoctorResponse;
import io.joblet.storage.v1.Enforcement;
import io.joblet.storage.v1.GetNodeResponse;
import io.joblet.storage.v1.GetVolumeResponse;
import io.joblet.storage.v1.ListVolumesResponse;
import io.joblet.storage.v1.PrepareVolumesResponse;
import io.joblet.storage.v1.UndeleteVolumeResponse;
import io.joblet.storage.v1.UpdateVolumeResponse;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.joblet.storage.v1.VolumeType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import javax.net.ServerSocketFactory;

/** Answers every call that the training makes, always the same, on the Unix socket it is given. */
public final class CannedDaemon {
  private static final Attachment ATTACHMENT =
      Attachment.newBuilder().setId("a").setVolumeName("data").setJobId("job").build();
  private static final Volume VOLUME =
      Volume.newBuilder()
          .setId("01980000-0000-7000-8000-000000000000")
          .setName("data")
          .setType(VolumeType.FILESYSTEM)
          .setSizeBytes(1L << 30)
          .setUsedBytes(1L << 20)
          .setStatus("available")
          .setEnforcement(Enforcement.BTRFS_QGROUP)
          .setEnforcedBytes(1L << 30)
          .setCreatedAt(Timestamp.newBuilder().setSeconds(1_700_000_000))
          .putLabels("team", "search")
          .addAttachments(ATTACHMENT)
          .build();
  private static final List<Message> VOLUME_ANSWERS =
      List.of(
          CreateVolumeResponse.newBuilder().setVolume(VOLUME).build(),
          ListVolumesResponse.newBuilder().addVolumes(VOLUME).addVolumes(VOLUME).build(),
          GetVolumeResponse.newBuilder().setVolume(VOLUME).build(),
          UpdateVolumeResponse.newBuilder().setVolume(VOLUME).build(),
          DeleteVolumeResponse.newBuilder().setVolume(VOLUME).build(),
          UndeleteVolumeResponse.newBuilder().setVolume(VOLUME).build(),
          AttachVolumeResponse.newBuilder().setAttachment(ATTACHMENT).build(),
          DetachVolumeResponse.newBuilder().setVolume(VOLUME).build(),
          PrepareVolumesResponse.newBuilder().addAttachments(ATTACHMENT).build(),
          CleanupVolumesResponse.newBuilder().setDetached(1).build());
  private static final List<Message> ADMIN_ANSWERS =
      List.of(DoctorResponse.getDefaultInstance(), GetNodeResponse.newBuilder().setName("n").build());

  private static final Job JOB =
      Job.newBuilder()
          .setId("01980000-0000-7000-8000-000000000001")
          .setName("job")
          .setStatus("exited")
          .setExitCode(0)
          .setCreatedAt(Timestamp.newBuilder().setSeconds(1_700_000_000))
          .addCommand("true")
          .addWarnings("none")
          .setFilesystem(JobFilesystem.newBuilder().setUserland(Userland.HOST))
          .addAttachments(ATTACHMENT)
          .build();
  private static final List<Message> JOB_ANSWERS =
      List.of(
          RunJobResponse.newBuilder().setJob(JOB).build(),
          GetJobResponse.newBuilder().setJob(JOB).build(),
          ListJobsResponse.newBuilder().addJobs(JOB).build(),
          StopJobResponse.newBuilder().setJob(JOB).build(),
          SignalJobResponse.getDefaultInstance(),
          RemoveJobResponse.getDefaultInstance());
  private static final List<Message> OUTPUT =
      List.of(
          JobOutput.newBuilder().setJob(JOB).build(),
          JobOutput.newBuilder()
              .setChunk(Chunk.newBuilder().setData(ByteString.copyFromUtf8("output\n")))
              .build(),
          JobOutput.newBuilder().setEnded(JOB).build());

  public static void main(String[] arguments) throws Exception {
    OkHttpServerBuilder.forPort(new InetSocketAddress(0), InsecureServerCredentials.create())
        .socketFactory(new Listening(arguments[0]))
        .addService(service(VolumeServiceGrpc.getServiceDescriptor(), VOLUME_ANSWERS))
        .addService(service(AdminServiceGrpc.getServiceDescriptor(), ADMIN_ANSWERS))
        .addService(service(JobServiceGrpc.getServiceDescriptor(), JOB_ANSWERS))
        .build()
        .start()
        .awaitTermination();
  }

  private static ServerServiceDefinition service(
      io.grpc.ServiceDescriptor descriptor, List<Message> answers) {
    var service = ServerServiceDefinition.builder(descriptor);
    for (MethodDescriptor<?, ?> method : descriptor.getMethods()) {
      String type = method.getBareMethodName() + "Response";
      Message answer =
          answers.stream()
              .filter(message -> message.getDescriptorForType().getName().equals(type))
              .findFirst()
              .orElse(null);
      add(service, method, answer == null ? OUTPUT : List.of(answer));
    }
    return service.build();
  }

  private static <Q, A> void add(
      ServerServiceDefinition.Builder service, MethodDescriptor<Q, A> method, List<Message> answers) {
    service.addMethod(
        method,
        method.getType() == MethodDescriptor.MethodType.UNARY
            ? ServerCalls.asyncUnaryCall((request, observer) -> send(answers, observer))
            : ServerCalls.asyncServerStreamingCall((request, observer) -> send(answers, observer)));
  }

  @SuppressWarnings("unchecked")
  private static <A> void send(List<Message> answers, StreamObserver<A> observer) {
    answers.forEach(answer -> observer.onNext((A) answer));
    observer.onCompleted();
  }

  /** The socket there is, whatever address is asked for. */
  private static final class Listening extends ServerSocketFactory {
    private final String path;

    Listening(String path) {
      this.path = path;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
      ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      return new ServerSocket() {
        @Override
        public void bind(SocketAddress ignored, int backlog) throws IOException {
          channel.bind(UnixDomainSocketAddress.of(path));
        }

        @Override
        public Socket accept() throws IOException {
          return new Accepted(channel.accept());
        }
      };
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      return createServerSocket();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
      return createServerSocket();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, java.net.InetAddress address)
        throws IOException {
      return createServerSocket();
    }
  }

  private static final class Accepted extends Socket {
    private final SocketChannel channel;

    Accepted(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public InputStream getInputStream() {
      return Channels.newInputStream(channel);
    }

    @Override
    public OutputStream getOutputStream() {
      return Channels.newOutputStream(channel);
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return new InetSocketAddress(0);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setSoTimeout(int millis) {}
  }
}
