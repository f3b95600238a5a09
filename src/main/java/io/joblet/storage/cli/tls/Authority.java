package io.joblet.storage.cli.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A CA of one's own, for one installation: P-256 keys, SHA-256 (RFC 5280). It signs servers and
 * clients and no other CA.
 */
public final class Authority {
  /** How long the CA's own certificate is good. */
  public static final Duration LIFE = Duration.ofDays(3650);

  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Credentials own;

  /** One that was made before. */
  public Authority(Credentials own) {
    this.own = own;
  }

  /** A new one. */
  public static Authority make(Instant now) {
    X500Name name = new X500NameBuilder().addRDN(BCStyle.CN, "joblet CA").build();
    KeyPair keys = keys();
    try {
      X509v3CertificateBuilder builder =
          certificate(name, name, keys, now, now.plus(LIFE))
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return new Authority(new Credentials(sign(builder, keys), keys.getPrivate()));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("make a CA: " + e.getMessage(), e);
    }
  }

  public Credentials own() {
    return own;
  }

  /** For a server that is known by these DNS names and IP addresses. */
  public Credentials server(List<String> names, Instant from, Instant until) {
    GeneralNames alternatives =
        new GeneralNames(names.stream().map(Authority::alternative).toArray(GeneralName[]::new));
    X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, "joblet").build();
    return issue(subject, KeyPurposeId.id_kp_serverAuth, alternatives, from, until);
  }

  /** For an owner in a role; several roles, which make one of the least, are for tests. */
  public Credentials client(String owner, List<String> roles, Instant from, Instant until) {
    X500NameBuilder subject = new X500NameBuilder();
    roles.forEach(role -> subject.addRDN(BCStyle.OU, role));
    subject.addRDN(BCStyle.CN, owner);
    return issue(subject.build(), KeyPurposeId.id_kp_clientAuth, null, from, until);
  }

  private Credentials issue(
      X500Name subject, KeyPurposeId use, GeneralNames names, Instant from, Instant until) {
    KeyPair keys = keys();
    try {
      X500Name issuer =
          X500Name.getInstance(own.certificate().getSubjectX500Principal().getEncoded());
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          certificate(issuer, subject, keys, from, until)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(use))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  identifiers.createAuthorityKeyIdentifier(own.certificate().getPublicKey()));
      if (names != null) {
        builder.addExtension(Extension.subjectAlternativeName, false, names);
      }
      X509Certificate signed = sign(builder, new KeyPair(null, own.key()));
      return new Credentials(signed, keys.getPrivate());
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("issue a certificate: " + e.getMessage(), e);
    }
  }

  private static X509v3CertificateBuilder certificate(
      X500Name issuer, X500Name subject, KeyPair keys, Instant from, Instant until)
      throws IOException, GeneralSecurityException {
    return new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(127, RANDOM).add(BigInteger.ONE),
            Date.from(from.minus(CLOCKS_DIFFER)),
            Date.from(until),
            subject,
            keys.getPublic())
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair signer)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
  }

  private static GeneralName alternative(String name) {
    boolean address = name.contains(":") || name.matches("[0-9.]+");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }
}
