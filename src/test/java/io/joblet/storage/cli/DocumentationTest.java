package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.joblet.storage.v1.AttachVolumeResponse;
import io.joblet.storage.v1.AuditEntry;
import io.joblet.storage.v1.CleanupVolumesResponse;
import io.joblet.storage.v1.CreateTokenResponse;
import io.joblet.storage.v1.DeleteVolumeResponse;
import io.joblet.storage.v1.DoctorResponse;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.GetJobResponse;
import io.joblet.storage.v1.GetNodeResponse;
import io.joblet.storage.v1.GetOwnerResponse;
import io.joblet.storage.v1.GetVolumeResponse;
import io.joblet.storage.v1.IdleVolume;
import io.joblet.storage.v1.ListAuditResponse;
import io.joblet.storage.v1.ListSharesResponse;
import io.joblet.storage.v1.PrepareVolumesResponse;
import io.joblet.storage.v1.RecoverResponse;
import io.joblet.storage.v1.RecoverableVolume;
import io.joblet.storage.v1.RemoveJobResponse;
import io.joblet.storage.v1.RenewLeaseResponse;
import io.joblet.storage.v1.ReportGrowthResponse;
import io.joblet.storage.v1.ReportHistoryResponse;
import io.joblet.storage.v1.ReportIdleResponse;
import io.joblet.storage.v1.ReportOperationsResponse;
import io.joblet.storage.v1.ReportUsageResponse;
import io.joblet.storage.v1.SampleUsageResponse;
import io.joblet.storage.v1.Share;
import io.joblet.storage.v1.ShareVolumeResponse;
import io.joblet.storage.v1.SignalJobResponse;
import io.joblet.storage.v1.StopJobResponse;
import io.joblet.storage.v1.SweepResponse;
import io.joblet.storage.v1.SweptItem;
import io.joblet.storage.v1.TroubledOperation;
import io.joblet.storage.v1.UsageDay;
import io.joblet.storage.v1.VolumeGrowth;
import io.joblet.storage.v1.VolumeUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/cli.md against what rnx does. */
class DocumentationTest extends WithDaemon {
  private static final Pattern HOST_PATH = Pattern.compile("([ =])/");
  private static final Pattern KEY = Pattern.compile("\"([a-z_]+)\":");

  @ParameterizedTest
  @MethodSource("answers")
  void listsEveryKeyOf(String line, Message answer) throws Exception {
    daemon.answer(answer);

    Outcome result = rnx((line + " --format=json").split(" "));

    List<String> keys = KEY.matcher(result.out()).results().map(found -> found.group(1)).toList();
    assertThat(keys).as(line + result.err()).isNotEmpty();
    assertThat(document()).contains(keys.stream().map(key -> "`" + key + "`").toList());
  }

  static Stream<Arguments> answers() {
    return Map.<String, Message>ofEntries(
            Map.entry(
                "volume inspect data",
                GetVolumeResponse.newBuilder().setVolume(Samples.data().clearLabels()).build()),
            Map.entry(
                "volume attach data --job=j",
                AttachVolumeResponse.newBuilder().setAttachment(Samples.attachment()).build()),
            Map.entry("volume remove data", DeleteVolumeResponse.getDefaultInstance()),
            Map.entry(
                "volume doctor",
                DoctorResponse.newBuilder().addFindings(Finding.getDefaultInstance()).build()),
            Map.entry("job prepare j --volume=v", PrepareVolumesResponse.getDefaultInstance()),
            Map.entry(
                "job inspect j", GetJobResponse.newBuilder().setJob(Samples.running()).build()),
            Map.entry("job stop j", StopJobResponse.newBuilder().setJob(Samples.running()).build()),
            Map.entry("job signal j TERM", SignalJobResponse.getDefaultInstance()),
            Map.entry("job remove j", RemoveJobResponse.getDefaultInstance()),
            Map.entry("job renew j", RenewLeaseResponse.getDefaultInstance()),
            Map.entry("job cleanup j", CleanupVolumesResponse.getDefaultInstance()),
            Map.entry(
                "admin recover",
                RecoverResponse.newBuilder()
                    .addVolumes(RecoverableVolume.getDefaultInstance())
                    .build()),
            Map.entry(
                "admin sweep idle",
                SweepResponse.newBuilder().addItems(SweptItem.getDefaultInstance()).build()),
            Map.entry(
                "report usage",
                ReportUsageResponse.newBuilder()
                    .addVolumes(VolumeUsage.getDefaultInstance())
                    .build()),
            Map.entry(
                "report idle",
                ReportIdleResponse.newBuilder()
                    .addVolumes(IdleVolume.getDefaultInstance())
                    .build()),
            Map.entry(
                "report growth",
                ReportGrowthResponse.newBuilder()
                    .addVolumes(VolumeGrowth.getDefaultInstance())
                    .build()),
            Map.entry(
                "report operations",
                ReportOperationsResponse.newBuilder()
                    .addOperations(TroubledOperation.getDefaultInstance())
                    .build()),
            Map.entry(
                "report history",
                ReportHistoryResponse.newBuilder().addDays(UsageDay.getDefaultInstance()).build()),
            Map.entry(
                "admin audit",
                ListAuditResponse.newBuilder().addEntries(AuditEntry.getDefaultInstance()).build()),
            Map.entry("owner inspect a", GetOwnerResponse.getDefaultInstance()),
            Map.entry(
                "token create t --owner=a --role=reader", CreateTokenResponse.getDefaultInstance()),
            Map.entry(
                "volume shares v",
                ListSharesResponse.newBuilder().addShares(Share.getDefaultInstance()).build()),
            Map.entry("admin sample", SampleUsageResponse.getDefaultInstance()),
            Map.entry("volume share v --with=a", ShareVolumeResponse.getDefaultInstance()),
            Map.entry("admin node", GetNodeResponse.getDefaultInstance()))
        .entrySet()
        .stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @Test
  void hasOnlyExamplesThatAreValidCommandLines() throws Exception {
    List<String> examples =
        document()
            .lines()
            .filter(line -> line.startsWith("    rnx "))
            .map(line -> line.strip().substring("rnx ".length()))
            .map(line -> line.startsWith("admin ") ? elsewhere(line) : line)
            .toList();

    assertThat(examples).hasSizeGreaterThan(25);
    assertThat(examples)
        .allSatisfy(
            // What every wrong command line is answered with, whatever its status.
            example ->
                assertThat(rnx(example.split(" ")).err())
                    .as(example)
                    .doesNotContain("--help' says what it takes"));
  }

  /** Some of these work on files of the host itself, where the test has no business. */
  private String elsewhere(String line) {
    return HOST_PATH.matcher(line).replaceAll("$1" + directory + "/");
  }

  private static String document() throws Exception {
    return Files.readString(Path.of("docs/cli.md"));
  }
}
