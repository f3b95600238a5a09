package io.joblet.storage.access;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.problem.Problem;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Says who sent a request, to any edge. Whoever could open the Unix socket is an admin, by its file
 * permissions, and is known by the uid that the kernel tells (SO_PEERCRED, unix(7)); on TCP it is
 * the subject of a client certificate that the TLS handshake has verified. Anybody else is nobody.
 */
@ApplicationScoped
public class Callers {
  private static final AttributeKey<Peer> PEER = AttributeKey.valueOf("joblet.peer");

  private static final String BEARER = "Bearer ";

  private final String socketOwner;
  private final BearerTokens tokens;
  private final Refusals refusals;
  private final Revocations revocations;

  Callers(StorageConfig config, BearerTokens tokens, Refusals refusals, Revocations revocations) {
    this.revocations = revocations;
    this.tokens = tokens;
    this.refusals = refusals;
    this.socketOwner = config.socketOwner().text();
  }

  /**
   * Who sent it: whose token it carries, or else who is at the other end. Asks the database where
   * there is a token, so not on an event loop.
   *
   * @throws Problem.Unauthenticated if nobody is known there, or the token is no good
   */
  public Identity of(HttpServerRequest request) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return ofConnection(request);
    }
    return ofToken(request, authorization.substring(BEARER.length()).strip());
  }

  /**
   * Whose token it is that came with a request. Asks the database, so not on an event loop.
   *
   * @throws Problem.Unauthenticated if the token is no good
   */
  public Identity ofToken(HttpServerRequest request, String secret) {
    return known(() ->
        tokens
            .identity(secret, text(request.remoteAddress()))
            .orElseThrow(() ->
                new Problem.Unauthenticated("the token is not known, has expired or was revoked")));
  }

  /**
   * Who is at the other end of the request's connection, whatever the request carries; from any
   * thread.
   *
   * @throws Problem.Unauthenticated if nobody is known there
   */
  public Identity ofConnection(HttpServerRequest request) {
    // The channel is no part of Vert.x' own interface, and nothing else there tells who a peer is.
    Channel channel = ((ConnectionBase) request.connection()).channel();
    Attribute<Peer> kept = channel.attr(PEER);
    Peer peer = kept.get();
    if (peer == null) {
      peer =
          channel instanceof EpollDomainSocketChannel socket
              ? Peer.of(local(socket))
              : remote(request.connection().sslSession(), request.remoteAddress());
      kept.set(peer);
    }
    Peer found = peer;
    return known(() -> found.identity(revocations));
  }

  private Identity known(Supplier<Identity> caller) {
    try {
      return caller.get();
    } catch (Problem.Unauthenticated nobody) {
      refusals.unknown();
      throw nobody;
    }
  }

  /**
   * Still open after the question, it was so before: the number of a descriptor that was closed may
   * be somebody else's by then, with a peer of its own.
   */
  private Identity local(EpollDomainSocketChannel socket) {
    try {
      PeerCredentials credentials = socket.peerCredentials();
      if (socket.isOpen()) {
        return new Identity(
            "uid:" + credentials.uid(),
            socketOwner,
            Role.ADMIN,
            "unix:uid=" + credentials.uid() + " pid=" + credentials.pid());
      }
    } catch (IOException | ChannelException e) {
      // Whoever it was has hung up.
    }
    throw new Problem.Unauthenticated("who is at the other end of the socket cannot be told");
  }

  private static Peer remote(SSLSession session, SocketAddress address) {
    Optional<X509Certificate> certificate = certificate(session);
    if (certificate.isEmpty()) {
      return Peer.nobody(
          new Problem.Unauthenticated(
              "a client certificate is needed; over HTTP a token does too, in the header"
                  + " 'Authorization: Bearer TOKEN'"));
    }
    return Peer.of(
        certificate.get(), () -> Certificates.identity(certificate.get(), text(address)));
  }

  private static Optional<X509Certificate> certificate(SSLSession session) {
    if (session == null) {
      return Optional.empty();
    }
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate first
          ? Optional.of(first)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  private static String text(SocketAddress address) {
    return address == null || address.isDomainSocket()
        ? "unix"
        : address.hostAddress() + ":" + address.port();
  }
}
