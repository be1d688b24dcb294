// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.frame;

import java.util.Locale;

/** What was mended on the way of a publisher's media, or thrown away. Counted for each stream and for the engine. */
public enum Repair {
    /** A picture whose time was not after its predecessor's was moved behind it. */
    STEPPED_BACK,
    /** A frame of sound that lay before the end of the sound already sent was dropped. */
    SOUND_OVERLAPPED,
    /** The sound's sum of samples had left the publisher's clock and was set to it again. */
    SOUND_RESYNCED,
    /** A track counts from another zero than its companion; it got an offset of its own. */
    REBASED,
    /** A frame of a clock that stands still was timed by its arrival. */
    TIMED_BY_ARRIVAL,
    /** The clock jumped: a new time line, and a discontinuity in the playlist. */
    LINE_CUT,
    /** A composition offset of more than ten seconds, or before the decode time, was taken as none. */
    COMPOSITION_OFFSET,
    /** A tag was thrown away, because its contents break their own format. */
    MALFORMED_TAG,
    /** Packets of the publisher's are missing; what they were of was thrown away. */
    PACKETS_LOST,
    /** A tag was skipped, because its codec is none that is carried. */
    UNSUPPORTED_TAG,
    /** A frame was dropped, because its configuration changes more often than players can follow. */
    CONFIGURATION_HELD,
    /** A frame of silence stood in for sound that is missing. */
    SILENCE_INSERTED,
    /** A segment had to end without a key frame. */
    FORCED_CUT;

    /** The name for metrics and JSON: lower case, with hyphens. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
