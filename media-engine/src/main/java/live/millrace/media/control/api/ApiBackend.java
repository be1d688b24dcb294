// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import live.millrace.media.access.PlaySession;
import live.millrace.media.control.StreamControl;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.source.RtpServers;
import live.millrace.media.source.Sources;

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

    /** Recordings that go on. */
    List<RecordingView> recordings();

    /** Records a stream, or goes on with it; answers its recording, or nothing when it is not on or nothing is recorded here. */
    Optional<String> startRecording(StreamPath path);

    /** Pauses the recording of a stream; answers whether there was one. */
    boolean stopRecording(StreamPath path);

    /** The streams that are fetched. */
    Sources sources();

    /** Ports for senders of program streams over RTP. */
    RtpServers rtpServers();

    /** A JPEG of a stream. Fails with {@link NoPictureException}, in bounded time. */
    CompletionStage<byte[]> picture(PictureWish wish);

    /** What media can be had by: the schemes of the ports that are open. */
    Set<String> schemes();

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
     * A recording that goes on.
     *
     * @param state {@code recording}, {@code paused} by somebody, or {@code paused-disk}
     * @param durationMillis how long it plays so far
     * @param bytes what its whole segments take
     * @param bytesPerSecond on the average
     * @param droppedParts parts that were not kept
     */
    record RecordingView(
            String id,
            String application,
            String channel,
            String state,
            long durationMillis,
            long bytes,
            long bytesPerSecond,
            long droppedParts) {}

    /**
     * What came of a reload.
     *
     * @param changed settings that are in force now
     * @param needRestart settings that differ and wait for a restart
     */
    record Reloaded(List<String> changed, List<String> needRestart) {}
}
