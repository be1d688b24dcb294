// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.callback;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Where callbacks go. Several addresses are asked in turn, and all of them have to agree; no address means that nobody is asked.
 *
 * @param contract how a request looks and what an answer means
 * @param onPublish may it publish?
 * @param onUnpublish it stopped publishing
 * @param onPlay may it watch?
 * @param onStop it stopped watching
 * @param onRecord a recording ended
 * @param timeout for a question, all its addresses together; after that a viewer is refused, and a publisher asked about again
 * @param secret signs each request ({@link Signature}); empty signs nothing
 */
public record CallbackConfig(
        CallbackContract contract,
        List<URI> onPublish,
        List<URI> onUnpublish,
        List<URI> onPlay,
        List<URI> onStop,
        List<URI> onRecord,
        Duration timeout,
        String secret) {
    public CallbackConfig {
        onPublish = checked(onPublish);
        onUnpublish = checked(onUnpublish);
        onPlay = checked(onPlay);
        onStop = checked(onStop);
        onRecord = checked(onRecord);
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofSeconds(30)) > 0) {
            throw new IllegalArgumentException("callbacks may take more than 0 and at most 30 s, not " + timeout);
        }
    }

    private static List<URI> checked(List<URI> addresses) {
        for (URI address : addresses) {
            if (!"http".equals(address.getScheme()) && !"https".equals(address.getScheme())) {
                throw new IllegalArgumentException("a callback goes to http:// or https://, not to " + address);
            }
        }
        return List.copyOf(addresses);
    }

    /** Nobody is asked or told. */
    public static CallbackConfig none() {
        return new CallbackConfig(
                CallbackContract.SRS, List.of(), List.of(), List.of(), List.of(), List.of(), Duration.ofSeconds(5), "");
    }

    @Override
    public String toString() {
        return "CallbackConfig[" + contract + "]";
    }
}
