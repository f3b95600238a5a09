package io.joblet.storage.rest;

import io.joblet.storage.rest.Route.Verb;
import io.joblet.storage.v1.AccessService;
import io.joblet.storage.v1.CreateTokenRequest;
import io.joblet.storage.v1.GetOwnerRequest;
import io.joblet.storage.v1.ListOwnersRequest;
import io.joblet.storage.v1.ListSharesRequest;
import io.joblet.storage.v1.ListTokensRequest;
import io.joblet.storage.v1.RevokeTokenRequest;
import io.joblet.storage.v1.SetOwnerLimitsRequest;
import io.joblet.storage.v1.ShareVolumeRequest;
import io.joblet.storage.v1.UnshareVolumeRequest;
import java.util.List;

/** Owners, what they may have and share, and tokens. */
final class AccessRoutes {
  private AccessRoutes() {}

  static List<Route> of(AccessService access) {
    return List.of(
        Route.of(Verb.GET, "/owners", ListOwnersRequest.getDefaultInstance(), access::listOwners),
        Route.of(
                Verb.GET, "/owners/{owner}", GetOwnerRequest.getDefaultInstance(), access::getOwner)
            .showing("owner"),
        Route.of(
                Verb.PATCH,
                "/owners/{owner}",
                SetOwnerLimitsRequest.getDefaultInstance(),
                access::setOwnerLimits)
            .showing("owner"),
        Route.of(
            Verb.GET,
            "/volumes/{volume}/shares",
            ListSharesRequest.getDefaultInstance(),
            access::listShares),
        Route.of(
            Verb.PUT,
            "/volumes/{volume}/shares/{with_owner}",
            ShareVolumeRequest.getDefaultInstance(),
            access::shareVolume),
        Route.of(
            Verb.DELETE,
            "/volumes/{volume}/shares/{with_owner}",
            UnshareVolumeRequest.getDefaultInstance(),
            access::unshareVolume),
        Route.of(Verb.GET, "/tokens", ListTokensRequest.getDefaultInstance(), access::listTokens),
        Route.of(
            Verb.POST, "/tokens", CreateTokenRequest.getDefaultInstance(), access::createToken),
        Route.of(
            Verb.DELETE,
            "/tokens/{id}",
            RevokeTokenRequest.getDefaultInstance(),
            access::revokeToken));
  }
}
