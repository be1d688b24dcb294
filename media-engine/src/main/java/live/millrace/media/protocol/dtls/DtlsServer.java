// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dtls;

import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import java.util.Objects;
import live.millrace.media.protocol.srtp.SrtpProfile;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/** We wait for the peer's ClientHello. Used on the thread of the handshake. */
final class DtlsServer extends DefaultTlsServer {
    private final DtlsIdentity identity;
    private final List<Fingerprint> announced;
    private final Runnable goodbye;
    private @Nullable SrtpProfile profile;
    private @Nullable DtlsKeys keys;

    /** @param goodbye told when the peer says that it is over */
    DtlsServer(DtlsIdentity identity, List<Fingerprint> announced, Runnable goodbye) {
        super(identity.crypto());
        this.identity = identity;
        this.announced = announced;
        this.goodbye = goodbye;
    }

    /** What was agreed upon, once the handshake is complete. */
    DtlsKeys keys() {
        return Objects.requireNonNull(keys, "before the handshake was complete");
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return UseSrtp.CIPHER_SUITES.clone();
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return UseSrtp.HANDSHAKE_MILLIS;
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return UseSrtp.RESEND_MILLIS;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the library has it
    public void processClientExtensions(Hashtable extensions) throws IOException {
        super.processClientExtensions(extensions);
        profile = UseSrtp.choose(TlsSRTPUtils.getUseSRTPExtension(extensions));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Hashtable getServerExtensions() throws IOException {
        Hashtable extensions = super.getServerExtensions();
        TlsSRTPUtils.addUseSRTPExtension(extensions, UseSrtp.answer(Objects.requireNonNull(profile)));
        return extensions;
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
        return identity.signer(context);
    }

    @Override
    public CertificateRequest getCertificateRequest() {
        return new CertificateRequest(
                new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
                TlsUtils.getDefaultSupportedSignatureAlgorithms(context),
                null);
    }

    @Override
    public void notifyClientCertificate(Certificate presented) throws IOException {
        UseSrtp.check(presented, announced);
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        SrtpProfile chosen = Objects.requireNonNull(profile);
        keys = DtlsKeys.ofServer(chosen, UseSrtp.export(context, chosen));
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        if (description == AlertDescription.close_notify) {
            goodbye.run();
        }
    }
}
