package io.joblet.storage.grpc;

import io.joblet.storage.access.Permission;
import io.joblet.storage.access.Role;
import io.joblet.storage.config.OwnerName;
import io.joblet.storage.config.Uuids;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.owner.LimitChange;
import io.joblet.storage.owner.OwnerAccount;
import io.joblet.storage.owner.OwnerAccounts;
import io.joblet.storage.owner.TokenName;
import io.joblet.storage.owner.Tokens;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.AccessService;
import io.joblet.storage.v1.CreateTokenRequest;
import io.joblet.storage.v1.CreateTokenResponse;
import io.joblet.storage.v1.GetOwnerRequest;
import io.joblet.storage.v1.GetOwnerResponse;
import io.joblet.storage.v1.ListOwnersRequest;
import io.joblet.storage.v1.ListOwnersResponse;
import io.joblet.storage.v1.ListSharesRequest;
import io.joblet.storage.v1.ListSharesResponse;
import io.joblet.storage.v1.ListTokensRequest;
import io.joblet.storage.v1.ListTokensResponse;
import io.joblet.storage.v1.RevokeTokenRequest;
import io.joblet.storage.v1.RevokeTokenResponse;
import io.joblet.storage.v1.SetOwnerLimitsRequest;
import io.joblet.storage.v1.SetOwnerLimitsResponse;
import io.joblet.storage.v1.ShareVolumeRequest;
import io.joblet.storage.v1.ShareVolumeResponse;
import io.joblet.storage.v1.UnshareVolumeRequest;
import io.joblet.storage.v1.UnshareVolumeResponse;
import io.joblet.storage.volume.VolumeSharing;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code joblet.storage.v1.AccessService}. */
@GrpcService
class AccessEndpoint implements AccessService {
  private final Calls calls;
  private final OwnerAccounts accounts;
  private final VolumeSharing sharing;
  private final Tokens tokens;

  AccessEndpoint(Calls calls, OwnerAccounts accounts, VolumeSharing sharing, Tokens tokens) {
    this.calls = calls;
    this.accounts = accounts;
    this.sharing = sharing;
    this.tokens = tokens;
  }

  @Override
  public Uni<SetOwnerLimitsResponse> setOwnerLimits(SetOwnerLimitsRequest request) {
    return calls.alter(
        request,
        caller -> {
          Checks checks = new Checks();
          OwnerName owner = checks.value("owner", () -> new OwnerName(request.getOwner()));
          LimitChange change = OwnerProtos.change(checks, request);
          checks.done();
          return SetOwnerLimitsResponse.newBuilder()
              .setOwner(OwnerProtos.owner(accounts.setLimits(owner, change, caller)))
              .build();
        });
  }

  @Override
  public Uni<GetOwnerResponse> getOwner(GetOwnerRequest request) {
    return calls.run(caller -> {
      String name = request.getOwner().isEmpty() ? caller.owner() : request.getOwner();
      Checks checks = new Checks();
      OwnerName owner = checks.value("owner", () -> new OwnerName(name));
      checks.done();
      if (!name.equals(caller.owner())) {
        caller.identity().require(Permission.SEE_OWNERS);
      }
      return GetOwnerResponse.newBuilder().setOwner(OwnerProtos.owner(accounts.get(owner))).build();
    });
  }

  @Override
  public Uni<ListOwnersResponse> listOwners(ListOwnersRequest request) {
    return calls.run(caller -> {
      Checks checks = new Checks();
      int size = PageTokens.size(checks, request.getPageSize());
      Optional<String> after = PageTokens.OWNERS.readName(checks, request.getPageToken());
      checks.done();
      List<OwnerAccount> found = accounts.list(after.orElse(""), size + 1);
      List<OwnerAccount> page = found.subList(0, Math.min(size, found.size()));
      ListOwnersResponse.Builder response = ListOwnersResponse.newBuilder();
      page.forEach(account -> response.addOwners(OwnerProtos.owner(account)));
      if (found.size() > size) {
        response.setNextPageToken(PageTokens.OWNERS.of(page.getLast().owner()));
      }
      return response.build();
    });
  }

  @Override
  public Uni<ShareVolumeResponse> shareVolume(ShareVolumeRequest request) {
    return calls.alter(
        request,
        caller -> {
          OwnerName with = other(request.getVolume(), request.getWithOwner());
          sharing.share(request.getVolume(), with, request.getReadOnly(), caller);
          return ShareVolumeResponse.getDefaultInstance();
        });
  }

  @Override
  public Uni<ListSharesResponse> listShares(ListSharesRequest request) {
    return calls.run(caller -> {
      Checks checks = new Checks();
      Fields.reference(checks, "volume", request.getVolume());
      int size = PageTokens.size(checks, request.getPageSize());
      Optional<String> after = PageTokens.SHARES.readName(checks, request.getPageToken());
      checks.done();
      List<VolumeSharing.Share> found =
          sharing.list(request.getVolume(), after.orElse(""), size + 1, caller);
      List<VolumeSharing.Share> page = found.subList(0, Math.min(size, found.size()));
      ListSharesResponse.Builder response = ListSharesResponse.newBuilder();
      page.forEach(share -> response.addShares(OwnerProtos.share(share)));
      if (found.size() > size) {
        response.setNextPageToken(PageTokens.SHARES.of(page.getLast().withOwner()));
      }
      return response.build();
    });
  }

  @Override
  public Uni<UnshareVolumeResponse> unshareVolume(UnshareVolumeRequest request) {
    return calls.alter(
        request,
        caller -> {
          OwnerName with = other(request.getVolume(), request.getWithOwner());
          sharing.unshare(request.getVolume(), with, caller);
          return UnshareVolumeResponse.getDefaultInstance();
        });
  }

  private static OwnerName other(String volume, String owner) {
    Checks checks = new Checks();
    Fields.reference(checks, "volume", volume);
    OwnerName with = checks.value("with_owner", () -> new OwnerName(owner));
    checks.done();
    return with;
  }

  @Override
  public Uni<CreateTokenResponse> createToken(CreateTokenRequest request) {
    return calls.alter(
        request,
        caller -> {
          Checks checks = new Checks();
          TokenName name = checks.value("name", () -> new TokenName(request.getName()));
          OwnerName owner = checks.value("owner", () -> new OwnerName(request.getOwner()));
          Role role = Role.of(request.getRole());
          checks.require(
              role != Role.UNKNOWN, "role", "must be reader, developer, maintainer or admin");
          Optional<Duration> life =
              request.hasLife()
                  ? Optional.ofNullable(Fields.duration(checks, "life", request.getLife()))
                  : Optional.empty();
          checks.require(
              life.isEmpty() || life.get().isPositive(), "life", "must be longer than 0");
          checks.done();
          Tokens.Made made = tokens.create(name, owner, role, life, caller);
          return CreateTokenResponse.newBuilder()
              .setToken(OwnerProtos.token(made.token()))
              .setSecret(made.secret())
              .build();
        });
  }

  @Override
  public Uni<ListTokensResponse> listTokens(ListTokensRequest request) {
    return calls.run((Caller caller) -> {
      ListTokensResponse.Builder response = ListTokensResponse.newBuilder();
      tokens.list().forEach(token -> response.addTokens(OwnerProtos.token(token)));
      return response.build();
    });
  }

  @Override
  public Uni<RevokeTokenResponse> revokeToken(RevokeTokenRequest request) {
    return calls.alter(
        request,
        caller -> {
          UUID id =
              Uuids.parse(request.getId())
                  .orElseThrow(() -> new Problem.Invalid("id", "must be the id of a token"));
          tokens.revoke(id);
          return RevokeTokenResponse.getDefaultInstance();
        });
  }
}
