// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dtls;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import live.millrace.media.protocol.srtp.SrtpProfile;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.UseSRTPData;

/** What both roles of a handshake have in common: the extension {@code use_srtp} (RFC 5764 §4.1), and how peers are known. */
final class UseSrtp {
    /** GCM costs half of the others; of both, the shorter key is no worse in practice. */
    private static final List<SrtpProfile> PREFERRED =
            List.of(SrtpProfile.AEAD_AES_128_GCM, SrtpProfile.AEAD_AES_256_GCM, SrtpProfile.AES_128_CM_HMAC_SHA1_80);

    /** By RSA nobody who offers ECDSA has to be known. */
    static final int[] CIPHER_SUITES = {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    };

    static final int HANDSHAKE_MILLIS = 10_000;

    /** The second that RFC 6347 §4.2.4.1 begins with keeps people waiting. */
    static final int RESEND_MILLIS = 200;

    private UseSrtp() {}

    /** What we offer as the client. */
    static UseSRTPData offer() {
        return data(PREFERRED);
    }

    /** What we answer as the server. */
    static UseSRTPData answer(SrtpProfile chosen) {
        return data(List.of(chosen));
    }

    private static UseSRTPData data(List<SrtpProfile> profiles) {
        return new UseSRTPData(
                profiles.stream().mapToInt(SrtpProfile::id).toArray(), new byte[0]); // no MKI: RFC 5764 §4.1.3
    }

    /**
     * The one of those offered that we like best.
     *
     * @throws TlsFatalAlert if there is none
     */
    static SrtpProfile choose(UseSRTPData offered) throws IOException {
        Optional<SrtpProfile> chosen = offered == null
                ? Optional.empty()
                : PREFERRED.stream()
                        .filter(each ->
                                IntStream.of(offered.getProtectionProfiles()).anyMatch(id -> id == each.id()))
                        .findFirst();
        if (chosen.isEmpty()) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "no profile of SRTP in common");
        }
        return chosen.get();
    }

    /** What both take their keys from, when the handshake is complete (RFC 5764 §4.2). */
    static byte[] export(TlsContext context, SrtpProfile profile) {
        return context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, profile.exportLength());
    }

    /**
     * Looks whether a certificate is the one that was announced.
     *
     * @throws TlsFatalAlert if it is not, or there is none
     */
    static void check(Certificate presented, List<Fingerprint> announced) throws IOException {
        if (presented == null || presented.isEmpty()) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, "no certificate");
        }
        byte[] certificate = presented.getCertificateAt(0).getEncoded();
        if (announced.stream().noneMatch(each -> each.matches(certificate))) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, "a certificate that nobody announced");
        }
    }
}
