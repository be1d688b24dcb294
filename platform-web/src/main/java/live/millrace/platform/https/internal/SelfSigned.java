// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates that nobody vouches for: for the time before the first one, and to prove a domain by a handshake. */
final class SelfSigned {
    /** Longer than a process that gets none goes without a look. */
    private static final Duration LIFE = Duration.ofDays(90);

    private static final Duration CLOCKS_APART = Duration.ofDays(1);
    private static final ASN1ObjectIdentifier ACME_IDENTIFIER = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");

    private SelfSigned() {}

    /** So that the port answers, encrypted for nobody who looks. */
    static X509Certificate forNow(KeyPair keys, String name, Instant now) {
        return make(keys, name, now, new byte[0]);
    }

    /** @param digest of the key authorisation, 32 bytes (RFC 8737 §3) */
    static X509Certificate proof(KeyPair keys, String domain, Instant now, byte[] digest) {
        return make(keys, domain, now, digest);
    }

    private static X509Certificate make(KeyPair keys, String name, Instant now, byte[] digest) {
        X500Name self = new X500Name("CN=" + (digest.length == 0 ? "Millrace" : "acme.invalid"));
        X509v3CertificateBuilder maker = new JcaX509v3CertificateBuilder(
                self,
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minus(CLOCKS_APART)),
                Date.from(now.plus(LIFE)),
                self,
                keys.getPublic());
        try {
            maker.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
            if (digest.length > 0) {
                maker.addExtension(ACME_IDENTIFIER, true, new DEROctetString(digest));
            }
            byte[] bytes = maker.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
        } catch (IOException | OperatorCreationException | CertificateException e) {
            throw new IllegalStateException("a certificate cannot be made", e);
        }
    }
}
