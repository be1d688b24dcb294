// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** What a client says to log in: the header {@code Authorization} (RFC 2617, RFC 7616, RFC 7617). Never logged. */
public sealed interface Authorization {
    /** Who logs in. */
    String user();

    /** Reads a header; empty when it is of a kind that we do not know, or broken. */
    static Optional<Authorization> parse(String header) {
        Parameters parameters = Parameters.parse(header);
        return switch (parameters.scheme().toLowerCase(Locale.ROOT)) {
            case "basic" -> basic(header.strip());
            case "digest" -> Digest.of(parameters.get("algorithm")).map(sum -> new Answer(sum, parameters));
            default -> Optional.empty();
        };
    }

    private static Optional<Authorization> basic(String header) {
        try {
            byte[] decoded = Base64.getDecoder()
                    .decode(header.substring("basic".length()).strip());
            String text = new String(decoded, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Basic(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The password itself: only to be taken inside TLS. */
    record Basic(String user, String password) implements Authorization {
        /** Compared in the same time whatever it is. */
        public boolean matches(String wanted) {
            return MessageDigest.isEqual(
                    password.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return "Basic";
        }
    }

    /** The answer to a challenge. */
    final class Answer implements Authorization {
        private final Digest sum;
        private final Parameters parameters;

        private Answer(Digest sum, Parameters parameters) {
            this.sum = sum;
            this.parameters = parameters;
        }

        @Override
        public String user() {
            return parameters.get("username");
        }

        /** Which challenge it answers; see {@link Nonces#isFresh}. */
        public String nonce() {
            return parameters.get("nonce");
        }

        /**
         * Whether it was made with a password, for a request. The address that it says must be the request's, or begin that: some players sign
         * the presentation's and not the track's.
         *
         * @param realm that we challenged with
         */
        public boolean matches(String realm, String password, String method, String requestUri) {
            String uri = parameters.get("uri");
            boolean sameTarget = requestUri.equals(uri)
                    || (!uri.isEmpty() && requestUri.startsWith(uri.endsWith("/") ? uri : uri + "/"));
            String qop = parameters.get("qop");
            String protection = qop.isEmpty() ? "" : parameters.get("nc") + ":" + parameters.get("cnonce") + ":" + qop;
            String wanted = sum.response(user(), realm, password, nonce(), protection, method, uri);
            boolean sameSum = MessageDigest.isEqual(
                    wanted.getBytes(StandardCharsets.US_ASCII),
                    parameters.get("response").toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
            return sameTarget && sameSum && parameters.get("realm").equals(realm);
        }

        @Override
        public String toString() {
            return "Digest";
        }
    }
}
