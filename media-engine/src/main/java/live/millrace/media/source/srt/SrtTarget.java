// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.srt;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import live.millrace.media.protocol.srt.SrtExtensions;
import org.jspecify.annotations.Nullable;

/**
 * What an address says beside the host, in the words of libsrt's programs.
 *
 * @param streamId what is asked for; empty where the other side has one thing to send
 * @param passphrase empty for none
 * @param keyLength in bytes
 * @param latency ms
 */
record SrtTarget(String streamId, String passphrase, int keyLength, int latency) {
    private static final int SHORTEST_PASSPHRASE = 10;
    private static final int LONGEST_PASSPHRASE = 79;
    private static final int USUAL_KEY = 16;

    /** As libsrt has it. */
    private static final int USUAL_LATENCY = 120;

    private static final int SHORTEST_LATENCY = 20;

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if it says what cannot be done; the message repeats nothing of it
     */
    static SrtTarget of(URI uri, String passphrase) {
        Map<String, String> said = parameters(uri.getRawQuery());
        if (!said.getOrDefault("mode", "caller").toLowerCase(Locale.ROOT).equals("caller")) {
            throw new IllegalArgumentException("only the mode caller is spoken");
        }
        String streamId = said.getOrDefault("streamid", "");
        if (streamId.getBytes(StandardCharsets.UTF_8).length > SrtExtensions.MAX_STREAM_ID) {
            throw new IllegalArgumentException("a stream id of more than " + SrtExtensions.MAX_STREAM_ID + " bytes");
        }
        int length = passphrase.getBytes(StandardCharsets.UTF_8).length;
        if (length != 0 && (length < SHORTEST_PASSPHRASE || length > LONGEST_PASSPHRASE)) {
            throw new IllegalArgumentException(
                    "a passphrase has " + SHORTEST_PASSPHRASE + " to " + LONGEST_PASSPHRASE + " characters");
        }
        return new SrtTarget(
                streamId, passphrase, keyLength(said.getOrDefault("pbkeylen", "")), latency(said.get("latency")));
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.putIfAbsent(pair.substring(0, equals), decoded(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    /** Of a URI, whose percent signs all begin a code. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static int keyLength(String said) {
        return switch (said) {
            case "24" -> 24;
            case "32" -> 32;
            default -> USUAL_KEY;
        };
    }

    /** Milliseconds, as libsrt's own programs have it; in FFmpeg's addresses it is microseconds. */
    private static int latency(@Nullable String said) {
        if (said == null || !said.matches("[0-9]{1,9}")) {
            return USUAL_LATENCY;
        }
        int value = Integer.parseInt(said);
        return Math.clamp(
                value > SrtExtensions.MAX_LATENCY ? value / 1_000 : value, SHORTEST_LATENCY, SrtExtensions.MAX_LATENCY);
    }

    /** Secrets stand here. */
    @Override
    public String toString() {
        return "SrtTarget[hidden]";
    }
}
