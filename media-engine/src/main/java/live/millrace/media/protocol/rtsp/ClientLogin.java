// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Logs in to a server that asks for it, by the best way that both know: Digest with SHA-256, with MD5, Basic. One instance for each
 * connection; not thread-safe. Wrong passwords are not tried again: three of them lock some cameras.
 */
public final class ClientLogin {
    private static final int CLIENT_NONCE = 8;

    private final String user;
    private final String password;
    private final SecureRandom random = new SecureRandom();

    private @Nullable Parameters challenge;

    /** Of the challenge; null stands for Basic. */
    private @Nullable Digest sum;

    private int count;

    public ClientLogin(String user, String password) {
        this.user = user;
        this.password = password;
    }

    /**
     * Takes the challenges of an answer 401.
     *
     * @param lines each value of {@code WWW-Authenticate}
     * @return whether the request is worth another try: the first time, and when only the nonce had become old
     */
    public boolean challenged(List<String> lines) {
        List<Parameters> challenges = lines.stream().map(Parameters::parse).toList();
        Parameters before = challenge;
        Optional<Parameters> chosen = Arrays.stream(Digest.values())
                .flatMap(each -> challenges.stream()
                        .filter(ClientLogin::isDigest)
                        .filter(line -> Digest.of(line.get("algorithm")).equals(Optional.of(each))))
                .findFirst();
        if (chosen.isPresent()) {
            Parameters digest = chosen.get();
            boolean again = before == null
                    || (digest.get("stale").equalsIgnoreCase("true")
                            && !digest.get("nonce").equals(before.get("nonce")));
            challenge = digest;
            sum = Digest.of(digest.get("algorithm")).orElseThrow();
            count = 0;
            return again;
        }
        Optional<Parameters> basic = challenges.stream()
                .filter(line -> line.scheme().equalsIgnoreCase("Basic"))
                .findFirst();
        challenge = basic.orElse(before);
        sum = null;
        return before == null && basic.isPresent();
    }

    private static boolean isDigest(Parameters line) {
        return line.scheme().equalsIgnoreCase("Digest")
                && !line.get("nonce").isEmpty()
                && (line.get("qop").isEmpty() || qops(line).contains("auth"));
    }

    private static List<String> qops(Parameters line) {
        return Arrays.stream(line.get("qop").split(",", -1))
                .map(each -> each.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * The header {@code Authorization} of a request; empty before there was a challenge.
     *
     * @param uri as it stands in the request line
     */
    public Optional<String> authorization(String method, String uri) {
        Parameters now = challenge;
        if (now == null) {
            return Optional.empty();
        }
        Digest digest = sum;
        if (digest == null) {
            byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
        }
        String protection = "";
        String more = "";
        if (!now.get("qop").isEmpty()) {
            byte[] bytes = new byte[CLIENT_NONCE];
            random.nextBytes(bytes);
            String clientNonce = HexFormat.of().formatHex(bytes);
            String uses = "%08x".formatted(++count);
            protection = uses + ":" + clientNonce + ":auth";
            more = ", qop=auth, nc=" + uses + ", cnonce=\"" + clientNonce + "\"";
        }
        String response =
                digest.response(user, text(now.get("realm")), password, now.get("nonce"), protection, method, uri);
        StringBuilder out = new StringBuilder("Digest username=").append(quoted(bytes(user)));
        out.append(", realm=")
                .append(quoted(now.get("realm")))
                .append(", nonce=")
                .append(quoted(now.get("nonce")));
        out.append(", uri=")
                .append(quoted(uri))
                .append(", response=\"")
                .append(response)
                .append('"')
                .append(more);
        if (!now.get("algorithm").isEmpty()) {
            out.append(", algorithm=").append(digest.algorithm());
        }
        if (!now.get("opaque").isEmpty()) {
            out.append(", opaque=").append(quoted(now.get("opaque")));
        }
        return Optional.of(out.toString());
    }

    /** Headers are written byte for byte; this one's text is UTF-8, as what is hashed is. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String text(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public String toString() {
        return "ClientLogin";
    }
}
