package io.joblet.storage.broken.access;

import org.bouncycastle.cert.X509CertificateHolder;

/** Belongs to the command line. */
class MakesCertificates {
  X509CertificateHolder certificate;
}
