// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dtls;

import java.io.IOException;
import java.time.Instant;
import java.util.Hashtable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import live.millrace.media.protocol.srtp.SrtpProfile;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/** A peer as others are: it speaks one profile, sends datagrams as small as it likes, perhaps shows no certificate, and believes any. */
final class BarePeer implements DatagramTransport {
    final DtlsIdentity identity = DtlsIdentity.generate(Instant.now());
    final LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();

    private final SrtpProfile profile;
    private final int largest;
    private final boolean certificate;
    private final Consumer<byte[]> out;
    private volatile @Nullable DtlsKeys keys;

    BarePeer(SrtpProfile profile, int largest, boolean certificate, Consumer<byte[]> out) {
        this.profile = profile;
        this.largest = largest;
        this.certificate = certificate;
        this.out = out;
    }

    private UseSRTPData use() {
        return new UseSRTPData(new int[] {profile.id()}, new byte[0]);
    }

    @Nullable
    DtlsKeys connect() throws IOException {
        new DTLSClientProtocol().connect(new Client(), this);
        return keys;
    }

    @Nullable
    DtlsKeys accept() throws IOException {
        new DTLSServerProtocol().accept(new Server(), this);
        return keys;
    }

    @Override
    public int getReceiveLimit() {
        return 1_500;
    }

    @Override
    public int getSendLimit() {
        return largest;
    }

    @Override
    public int receive(byte[] to, int offset, int length, int waitMillis) throws IOException {
        try {
            byte[] datagram = received.poll(Math.max(1, waitMillis), TimeUnit.MILLISECONDS);
            if (datagram == null) {
                return -1;
            }
            System.arraycopy(datagram, 0, to, offset, Math.min(length, datagram.length));
            return Math.min(length, datagram.length);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void send(byte[] from, int offset, int length) {
        byte[] copy = new byte[length];
        System.arraycopy(from, offset, copy, 0, length);
        out.accept(copy);
    }

    @Override
    public void close() {
        // nothing is held
    }

    private final class Client extends DefaultTlsClient {
        Client() {
            super(identity.crypto());
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        public int getHandshakeResendTimeMillis() {
            return UseSrtp.RESEND_MILLIS;
        }

        @Override
        @SuppressWarnings({"rawtypes", "JdkObsolete"}) // as the library has it
        public Hashtable getClientExtensions() throws IOException {
            Hashtable extensions = super.getClientExtensions();
            TlsSRTPUtils.addUseSRTPExtension(extensions, use());
            return extensions;
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate presented) {
                    // any will do
                }

                @Override
                public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                    return certificate ? identity.signer(context) : null;
                }
            };
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            keys = DtlsKeys.ofClient(profile, UseSrtp.export(context, profile));
        }
    }

    private final class Server extends DefaultTlsServer {
        Server() {
            super(identity.crypto());
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return new int[] {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
        }

        @Override
        @SuppressWarnings({"rawtypes", "JdkObsolete"})
        public Hashtable getServerExtensions() throws IOException {
            Hashtable extensions = super.getServerExtensions();
            TlsSRTPUtils.addUseSRTPExtension(extensions, use());
            return extensions;
        }

        @Override
        protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
            return identity.signer(context);
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            keys = DtlsKeys.ofServer(profile, UseSrtp.export(context, profile));
        }
    }
}
