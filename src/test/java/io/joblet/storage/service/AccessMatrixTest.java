package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.joblet.storage.access.Permission;
import io.joblet.storage.access.Role;
import io.joblet.storage.cli.tls.Authority;
import io.joblet.storage.cli.tls.Credentials;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every method by every kind of caller: the exact code. An empty request is enough, since who may
 * not is refused before it is read; who may gets what an empty request deserves.
 */
@QuarkusTest
class AccessMatrixTest extends RemoteTest {
  /** All others want a field that an empty request does not have. */
  private static final Set<String> NEED_NO_FIELD =
      Set.of(
          "ListVolumes",
          "ListJobs",
          "GetNode",
          "Doctor",
          "GetOwner",
          "ListOwners",
          "ListTokens",
          "WatchVolumes",
          "ReportUsage",
          "ReportIdle",
          "ReportGrowth",
          "ReportOperations",
          "ReportHistory",
          "SampleUsage",
          "Recover",
          "ListAudit",
          // Of the older contract, which has failures in its answer.
          "RemoveVolume");

  /** A certificate, and what it makes of its bearer. */
  private enum State {
    NONE,
    OF_ANOTHER_CA,
    EXPIRED,
    READER,
    VIEWER_IN_CAPITALS,
    DEVELOPER,
    MAINTAINER,
    ADMIN,
    ADMIN_AND_READER,
    ADMIN_AND_UNKNOWN,
    UNKNOWN_UNIT,
    NO_UNIT,
    NO_OWNER;

    Optional<Credentials> credentials(Authority authority) {
      return switch (this) {
        case NONE -> Optional.empty();
        case OF_ANOTHER_CA ->
            Optional.of(Remote.issued(Authority.make(Instant.now()), "m", "admin"));
        case EXPIRED -> Optional.of(Remote.expired(authority, "m", "admin"));
        case READER -> Optional.of(Remote.issued(authority, "m", "reader"));
        case VIEWER_IN_CAPITALS -> Optional.of(Remote.issued(authority, "m", "VIEWER"));
        case DEVELOPER -> Optional.of(Remote.issued(authority, "m", "developer"));
        case MAINTAINER -> Optional.of(Remote.issued(authority, "m", "Maintainer"));
        case ADMIN -> Optional.of(Remote.issued(authority, "m", "admin"));
        case ADMIN_AND_READER -> Optional.of(Remote.issued(authority, "m", "admin", "reader"));
        case ADMIN_AND_UNKNOWN -> Optional.of(Remote.issued(authority, "m", "admin", "wheel"));
        case UNKNOWN_UNIT -> Optional.of(Remote.issued(authority, "m", "wheel"));
        case NO_UNIT -> Optional.of(Remote.issued(authority, "m"));
        case NO_OWNER -> Optional.of(Remote.issued(authority, "a/b", "admin"));
      };
    }

    Code expected(Permission permission, Code whenAllowed) {
      return switch (this) {
        case NONE, NO_OWNER -> Code.UNAUTHENTICATED;
        // The handshake fails.
        case OF_ANOTHER_CA, EXPIRED -> Code.UNAVAILABLE;
        case READER, VIEWER_IN_CAPITALS, ADMIN_AND_READER ->
            byRole(Role.READER, permission, whenAllowed);
        case DEVELOPER -> byRole(Role.DEVELOPER, permission, whenAllowed);
        case MAINTAINER -> byRole(Role.MAINTAINER, permission, whenAllowed);
        case ADMIN -> byRole(Role.ADMIN, permission, whenAllowed);
        case ADMIN_AND_UNKNOWN, UNKNOWN_UNIT, NO_UNIT -> Code.PERMISSION_DENIED;
      };
    }

    private static Code byRole(Role role, Permission permission, Code whenAllowed) {
      return role.atLeast(permission.least()) ? whenAllowed : Code.PERMISSION_DENIED;
    }
  }

  @Test
  void everyMethodAnswersEveryCallerWithTheRightCode() {
    Map<State, Remote> remotes = new EnumMap<>(State.class);
    for (State state : State.values()) {
      remotes.put(state, with(state.credentials(authority).orElse(null)));
    }
    List<String> wrong = new ArrayList<>();
    int cells = 0;
    for (MethodDescriptor<?, ?> method : Methods.all()) {
      String name = method.getBareMethodName();
      Code whenAllowed = NEED_NO_FIELD.contains(name) ? Code.OK : Code.INVALID_ARGUMENT;
      for (State state : State.values()) {
        Code code =
            Methods.refusal(remotes.get(state).channel(), method, Methods.empty(method))
                .map(refusal -> refusal.getStatus().getCode())
                .orElse(Code.OK);
        Code expected = state.expected(Permission.ofMethod(name), whenAllowed);
        cells++;
        if (code != expected) {
          wrong.add(name + " by " + state + ": " + code + ", not " + expected);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(cells).isGreaterThanOrEqualTo(40 * State.values().length);
  }
}
