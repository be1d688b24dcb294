// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

/**
 * The secret that lets one publish. It is never a name: it must not reach a log line, a URL, a metric label or a file
 * name, so {@link #toString()} hides it and {@link #secret()} is the one way to its characters.
 *
 * @param secret what the peer sent in the place of a key, 1 to {@value #MAX_LENGTH} characters, not otherwise checked
 */
public record StreamKey(String secret) {
    /** Far above any key that the site makes (37 characters); what is longer is refused before it is looked at. */
    public static final int MAX_LENGTH = 128;

    public StreamKey {
        if (secret.isEmpty() || secret.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a stream key has 1 to " + MAX_LENGTH + " characters");
        }
    }

    @Override
    public String toString() {
        return "StreamKey[hidden]";
    }
}
