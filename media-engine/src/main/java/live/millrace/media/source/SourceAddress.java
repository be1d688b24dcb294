// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.net.URI;
import java.time.Duration;

/**
 * Where a stream is fetched from.
 *
 * @param uri without a user: {@code rtsp://192.168.1.20/live}
 * @param user empty where nobody logs in
 * @param password of the user
 * @param datagrams media over UDP where both sides can; TCP otherwise
 * @param reach which networks it may lie in
 * @param patience how long it may take to start: some cameras sleep
 */
public record SourceAddress(URI uri, String user, String password, boolean datagrams, Reach reach, Duration patience) {
    /** Which networks somebody may have asked for. Nobody may name this machine's own ports, or what answers for its cloud. */
    public enum Reach {
        /** The internet. */
        PUBLIC,
        /** Private networks as well. */
        PRIVATE
    }

    /** What most sources keep within. */
    public static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);

    /** Secrets stand here, in the address as well. */
    @Override
    public String toString() {
        return "SourceAddress[hidden]";
    }
}
