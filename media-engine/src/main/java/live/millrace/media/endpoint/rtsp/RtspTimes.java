// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import java.time.Duration;

/**
 * How long peers may take.
 *
 * @param request from the accepted socket to the first request, absolute: a slow drip does not extend it
 * @param session without a word, as we say it in the header {@code Session}; clients keep a session alive before it is over
 * @param grace on top of it, before a session is given up: none ends earlier than was said, however slow the way
 * @param track from RECORD to the first track that can be carried
 * @param reports between two reports of RTCP
 */
record RtspTimes(Duration request, Duration session, Duration grace, Duration track, Duration reports) {
    static final RtspTimes USUAL = new RtspTimes(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5));
}
