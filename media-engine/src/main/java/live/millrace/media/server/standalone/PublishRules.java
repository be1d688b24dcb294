// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.media.access.Passphrase;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.hub.StreamPath;

/**
 * Who may publish by the settings file alone.
 *
 * @param callbacks the callbacks decide, and nothing else
 * @param anonymous whoever has no known key publishes under the name in the address
 */
record PublishRules(boolean callbacks, boolean anonymous, List<Key> keys) {
    private static final int SHORTEST_KEY = 8;
    private static final int ID_DIGITS = 12;

    /**
     * A key that is known by its hash.
     *
     * @param path where it publishes, whatever application the address says
     * @param sha256 of its characters, 64 hexadecimal digits in lower case
     * @param passphrase of its own, where the protocol has one; empty: that of the server counts
     */
    record Key(StreamPath path, String sha256, Optional<Passphrase> passphrase) {
        static Key plain(String channel, String key) {
            if (key.length() < SHORTEST_KEY) {
                throw new IllegalArgumentException(
                        "The key of channel \"" + channel + "\" has at least " + SHORTEST_KEY + " characters.");
            }
            return new Key(PublishRules.path(channel), hash(key), Optional.empty());
        }

        static Key hashed(String channel, String hex) {
            if (!hex.matches("[0-9a-fA-F]{64}")) {
                throw new IllegalArgumentException(
                        "The sha256 of channel \"" + channel + "\" has 64 hexadecimal digits.");
            }
            return new Key(PublishRules.path(channel), hex.toLowerCase(Locale.ROOT), Optional.empty());
        }

        /** The same with a passphrase of its own. */
        Key encryptedWith(String text) {
            try {
                return new Key(path, sha256, Optional.of(new Passphrase(text)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "The passphrase of the key of \"" + path + "\" has " + Passphrase.SHORTEST + " to "
                                + Passphrase.LONGEST + " bytes.",
                        e);
            }
        }

        /** Names the key in a way that does not show it. */
        String id() {
            return sha256.substring(0, ID_DIGITS);
        }
    }

    /**
     * The stream that a setting names.
     *
     * @throws IllegalArgumentException if it names none
     */
    static StreamPath path(String channel) {
        int slash = channel.indexOf('/');
        return StreamNaming.AS_SAID
                .path(channel.substring(0, Math.max(0, slash)), channel.substring(slash + 1))
                .orElseThrow(() -> new IllegalArgumentException(
                        "A channel is a name, or application/name, not \"" + channel + "\": " + StreamPath.RULE + "."));
    }

    /** SHA-256, in hexadecimal digits. */
    static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Compares hashes in constant time. */
    static boolean same(String hash, String other) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    /** Decides without asking anybody; looks at every key, so that the time tells nothing. */
    PublishDecision decide(PublishAttempt attempt) {
        Optional<String> secret = attempt.key().map(key -> key.secret());
        if (secret.isPresent()) {
            String hash = hash(secret.get());
            Key known = null;
            for (Key key : keys) {
                if (same(key.sha256(), hash)) {
                    known = key;
                }
            }
            if (known != null) {
                StreamPath path = known.path();
                boolean another = attempt.channel()
                        .filter(name -> !name.equals(path.name()))
                        .isPresent();
                return another
                        ? new PublishDecision.Refused(RefusalCause.WRONG_CHANNEL)
                        : new PublishDecision.Granted(path.application(), path.name(), known.id())
                                .encryptedWith(known.passphrase());
            }
        }
        if (anonymous) {
            Optional<StreamPath> path =
                    StreamNaming.AS_SAID.path(attempt.requested().application(), attempt.requested().stream());
            if (path.isEmpty()) {
                return new PublishDecision.Refused(RefusalCause.BAD_NAME);
            }
            boolean taken = keys.stream().anyMatch(key -> key.path().equals(path.get()));
            return taken
                    ? new PublishDecision.Refused(RefusalCause.WRONG_CHANNEL)
                    : new PublishDecision.Granted(
                            path.get().application(), path.get().name(), "anonymous");
        }
        return new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY);
    }
}
