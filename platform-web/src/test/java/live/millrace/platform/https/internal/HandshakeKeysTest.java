// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import live.millrace.platform.https.internal.HandshakeKeys.Chain;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handshakes in memory: who wants a proof gets it, and everybody else the site's certificate. */
class HandshakeKeysTest {
    private static final byte[] DIGEST = new byte[32];

    private final KeyPair siteKeys = KeyPairs.make();
    private final KeyPair proofKeys = KeyPairs.make();
    private final Chain site = chain(siteKeys, SelfSigned.forNow(siteKeys, "a.example", Instant.now()));
    private final Chain proof = chain(proofKeys, SelfSigned.proof(proofKeys, "a.example", Instant.now(), DIGEST));

    private static Chain chain(KeyPair keys, X509Certificate certificate) {
        return new Chain(keys.getPrivate(), new X509Certificate[] {certificate});
    }

    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private X509Certificate shown(@Nullable Chain proving, String version, String... protocols) throws Exception {
        SSLContext theirs = SSLContext.getInstance("TLS");
        theirs.init(null, new TrustManager[] {new Trusting()}, null);
        SSLContext ours = SSLContext.getInstance("TLS");
        ours.init(new HandshakeKeys[] {new HandshakeKeys(site, proving)}, null, null);
        SSLEngine client = theirs.createSSLEngine();
        client.setUseClientMode(true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        parameters.setProtocols(new String[] {version});
        client.setSSLParameters(parameters);
        SSLEngine server = ours.createSSLEngine();
        server.setUseClientMode(false);
        // As Netty chooses.
        BiFunction<SSLEngine, java.util.List<String>, String> chooser =
                (_, offered) -> offered.contains("acme-tls/1") ? "acme-tls/1" : offered.contains("h2") ? "h2" : "";
        server.setHandshakeApplicationProtocolSelector(chooser);
        handshake(client, server);
        return (X509Certificate) client.getSession().getPeerCertificates()[0];
    }

    private static void handshake(SSLEngine client, SSLEngine server) throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        ByteBuffer there = ByteBuffer.allocate(1 << 16);
        ByteBuffer back = ByteBuffer.allocate(1 << 16);
        for (int i = 0; i < 50; i++) {
            step(client, there, back);
            step(server, back, there);
            if (client.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                    && server.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
                return;
            }
        }
        throw new SSLException("no end");
    }

    private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        ByteBuffer nothing = ByteBuffer.allocate(1 << 16);
        for (int i = 0; i < 20; i++) {
            Runnable task = engine.getDelegatedTask();
            while (task != null) {
                task.run();
                task = engine.getDelegatedTask();
            }
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
                    in.flip();
                    boolean empty = !in.hasRemaining();
                    if (!empty) {
                        engine.unwrap(in, nothing);
                    }
                    in.compact();
                    if (empty) {
                        return;
                    }
                }
                default -> {}
            }
        }
    }

    @Test
    void whoWantsAProofGetsIt() throws Exception {
        X509Certificate shown = shown(proof, "TLSv1.3", "acme-tls/1");
        assertThat(shown).isEqualTo(proof.certificates()[0]);
        assertThat(shown.getCriticalExtensionOIDs()).containsExactly("1.3.6.1.5.5.7.1.31");
        // An octet string in an octet string (RFC 8737 §3).
        assertThat(shown.getExtensionValue("1.3.6.1.5.5.7.1.31")).hasSize(36).startsWith(4, 34, 4, 32);
        assertThat(shown.getSubjectAlternativeNames()).hasToString("[[2, a.example]]");
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3, h2", "TLSv1.2, h2", "TLSv1.3, http/1.1", "TLSv1.2, http/1.1"})
    void everybodyElseGetsTheSites(String version, String protocol) throws Exception {
        assertThat(shown(proof, version, protocol)).isEqualTo(site.certificates()[0]);
        assertThat(shown(null, version, protocol)).isEqualTo(site.certificates()[0]);
    }

    /** The site's certificate proves nothing: nobody is shown it in place of a proof. */
    @Test
    void withoutAProofNobodyGetsOne() {
        assertThatExceptionOfType(SSLException.class).isThrownBy(() -> shown(null, "TLSv1.3", "acme-tls/1"));
    }

    @Test
    void keysComeBackFromBytes() {
        KeyPair again = KeyPairs.read(KeyPairs.bytes(siteKeys));
        assertThat(again.getPublic()).isEqualTo(siteKeys.getPublic());
        assertThat(again.getPrivate()).isEqualTo(siteKeys.getPrivate());
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> KeyPairs.read(new byte[] {1}));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> KeyPairs.read(new byte[] {127, -1, -1, -1, 0, 0}));
    }
}
