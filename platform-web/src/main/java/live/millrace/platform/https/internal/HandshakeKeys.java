// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The site's certificate, and beside it one that proves a domain to whoever asks for nothing else (RFC 8737). Never changes: whoever has
 * begun a handshake with a key ends it with that one's certificate. Which protocol was agreed on is known in time with TLS 1.3 alone.
 */
final class HandshakeKeys extends X509ExtendedKeyManager {
    static final String ACME = "acme-tls/1";

    private static final String SITE = "site";
    private static final String PROOF = "proof";

    /** A key and its chain, the own certificate first. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Chain(PrivateKey key, X509Certificate[] certificates) {
        @Override
        public String toString() {
            return "Chain";
        }
    }

    private final Chain site;
    private final @Nullable Chain proof;

    HandshakeKeys(Chain site, @Nullable Chain proof) {
        this.site = site;
        this.proof = proof;
    }

    private @Nullable Chain chain(@Nullable String alias) {
        return SITE.equals(alias) ? site : PROOF.equals(alias) ? proof : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        String alias = engine != null && ACME.equals(engine.getHandshakeApplicationProtocol()) ? PROOF : SITE;
        Chain chosen = chain(alias);
        // "EC", or in TLS 1.2 "EC_EC".
        return chosen != null && keyType.startsWith(chosen.key().getAlgorithm()) ? alias : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Chain found = chain(alias);
        return found == null ? null : found.certificates().clone();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Chain found = chain(alias);
        return found == null ? null : found.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
