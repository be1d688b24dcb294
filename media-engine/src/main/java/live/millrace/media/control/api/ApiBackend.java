// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import live.millrace.media.access.PlaySession;
import live.millrace.media.control.StreamControl;

/** What the API shows and does. Methods return at once. */
public interface ApiBackend {
    StreamControl streams();

    List<PlaySession> playSessions();

    /** Refuses a play session; answers whether there was one. */
    boolean stopPlaying(UUID sessionId);

    /** The server as a whole. */
    ServerStatus server();

    /** All meters in the text format of Prometheus. */
    String metrics();

    /** Reads the settings again. Fails with {@link IllegalArgumentException} when they cannot be, and changes nothing then. */
    CompletionStage<Reloaded> reload();

    /** Whether a bearer token is the right one; compares in constant time. */
    boolean isToken(String token);

    /** Whether metrics and statistics may be read without a token. */
    boolean statisticsOpen();

    /**
     * The server as a whole.
     *
     * @param status {@code up} or {@code draining}
     * @param accepted RTMP sockets since the start
     * @param receivedBytes over RTMP
     * @param sentBytes over HTTP
     * @param loopStalls event loops that were held up
     * @param lostCallbacks events that nobody took
     */
    record ServerStatus(
            String status,
            String version,
            Instant startedAt,
            int rtmpConnections,
            int httpConnections,
            long accepted,
            long receivedBytes,
            long sentBytes,
            long loopStalls,
            long lostCallbacks) {}

    /**
     * What came of a reload.
     *
     * @param changed settings that are in force now
     * @param needRestart settings that differ and wait for a restart
     */
    record Reloaded(List<String> changed, List<String> needRestart) {}
}
