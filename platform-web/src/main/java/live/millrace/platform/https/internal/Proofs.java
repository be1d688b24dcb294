// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import live.millrace.platform.https.internal.HandshakeKeys.Chain;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** What a directory is answered that asks whether a domain is this machine's. One at a time is open, for a minute or two. */
@Component
class Proofs {
    /** In base64url (RFC 8555 §8.3). */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    private final HttpsRows rows;
    private final HeldCertificate held;
    private final Clock clock;
    private volatile @Nullable File file;

    private record File(String token, String answer) {}

    Proofs(HttpsRows rows, HeldCertificate held, Clock clock) {
        this.rows = rows;
        this.held = held;
        this.clock = clock;
    }

    /** Answers for a token, in this process at once, and in others by the database. */
    void openFile(String token, String answer, Instant until) {
        rows.open(token, answer, until);
        file = new File(token, answer);
    }

    /** Answers handshakes, in this process. */
    void openHandshake(String domain, byte[] digest) {
        KeyPair keys = KeyPairs.make();
        X509Certificate proof = SelfSigned.proof(keys, domain, clock.instant(), digest);
        held.prove(new Chain(keys.getPrivate(), new X509Certificate[] {proof}));
    }

    void close() {
        if (file == null) {
            held.prove(null);
            return;
        }
        file = null;
        rows.close();
    }

    /** What the file of a token holds; empty for one that nobody opened. */
    Optional<String> answer(String token) {
        File open = file;
        if (open != null && open.token().equals(token)) {
            return Optional.of(open.answer());
        }
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        try {
            return rows.answer(token, clock.instant());
        } catch (DataAccessException away) {
            return Optional.empty();
        }
    }
}
