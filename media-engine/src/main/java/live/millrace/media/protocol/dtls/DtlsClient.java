// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dtls;

import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import java.util.Objects;
import live.millrace.media.protocol.srtp.SrtpProfile;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.jspecify.annotations.Nullable;

/** We send the ClientHello, since the peer wants to wait for it: FFmpeg does. Used on the thread of the handshake. */
final class DtlsClient extends DefaultTlsClient {
    private final DtlsIdentity identity;
    private final List<Fingerprint> announced;
    private final Runnable goodbye;
    private @Nullable SrtpProfile profile;
    private @Nullable DtlsKeys keys;

    /** @param goodbye told when the peer says that it is over */
    DtlsClient(DtlsIdentity identity, List<Fingerprint> announced, Runnable goodbye) {
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
    public Hashtable getClientExtensions() throws IOException {
        Hashtable extensions = super.getClientExtensions();
        TlsSRTPUtils.addUseSRTPExtension(extensions, UseSrtp.offer());
        return extensions;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void processServerExtensions(Hashtable extensions) throws IOException {
        super.processServerExtensions(extensions);
        profile = UseSrtp.choose(TlsSRTPUtils.getUseSRTPExtension(extensions));
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate presented) throws IOException {
                UseSrtp.check(presented.getCertificate(), announced);
            }

            @Override
            public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                return identity.signer(context);
            }
        };
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        SrtpProfile chosen = Objects.requireNonNull(profile);
        keys = DtlsKeys.ofClient(chosen, UseSrtp.export(context, chosen));
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        if (description == AlertDescription.close_notify) {
            goodbye.run();
        }
    }
}
