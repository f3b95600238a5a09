package io.joblet.storage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.ReportServiceGrpc;
import io.joblet.storage.v1.VolumeServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PermissionTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([a-z_]+) \\| ([a-z]+) \\|");

  static Stream<String> methods() {
    return Stream.of(
            VolumeServiceGrpc.getServiceDescriptor(),
            JobServiceGrpc.getServiceDescriptor(),
            AdminServiceGrpc.getServiceDescriptor(),
            AccessServiceGrpc.getServiceDescriptor(),
            ReportServiceGrpc.getServiceDescriptor(),
            io.joblet.storage.v1.joblet.VolumeServiceGrpc.getServiceDescriptor())
        .map(ServiceDescriptor::getMethods)
        .flatMap(methods -> methods.stream().map(MethodDescriptor::getBareMethodName));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodHasOne(String method) {
    assertThat(Permission.ofMethod(method).operation().replace("_", ""))
        .isEqualToIgnoringCase(method);
  }

  @Test
  void whatOnlyReadsIsNoChange() {
    assertThat(Permission.values())
        .filteredOn(p -> p.name().matches("(LIST|GET|REPORT|WATCH|STREAM|SEE)_.*"))
        .noneMatch(Permission::changes);
    assertThat(Permission.values())
        .filteredOn(p -> p.name().matches("(CREATE|UPDATE|DELETE|SHARE|RUN|STOP|REMOVE|SET)_.*"))
        .allMatch(Permission::changes);
  }

  @Test
  void aMethodThatTheTableLacksHasNone() {
    assertThatThrownBy(() -> Permission.ofMethod("DropEverything"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theDocumentedTableIsThisOne() throws IOException {
    Map<String, String> documented =
        ROW.matcher(Files.readString(Path.of("docs/access.md")))
            .results()
            .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));

    assertThat(documented)
        .containsExactlyInAnyOrderEntriesOf(
            Arrays.stream(Permission.values())
                .collect(Collectors.toMap(Permission::operation, p -> p.least().text())));
  }

  @ParameterizedTest
  @CsvSource({
    "reader, READER",
    "Viewer, READER",
    "DEVELOPER, DEVELOPER",
    "maintainer, MAINTAINER",
    "Admin, ADMIN",
    "root, UNKNOWN",
    "'', UNKNOWN"
  })
  void rolesAreReadInAnyCase(String text, Role role) {
    assertThat(Role.of(text)).isEqualTo(role);
  }

  @Test
  void aRefusalNamesRoleAndOperation() {
    Identity reader = new Identity("cn:a", "a", Role.READER, "here");

    assertThatThrownBy(() -> reader.require(Permission.CREATE_VOLUME))
        .isInstanceOf(Problem.Denied.class)
        .hasMessage("role reader is not allowed to perform operation create_volume");
    reader.require(Permission.GET_VOLUME);
  }

  @Test
  void anUnknownRoleMayNothing() {
    Identity nobody = new Identity("cn:a", "a", Role.UNKNOWN, "here");

    assertThat(Permission.values()).noneMatch(nobody::may);
  }
}
