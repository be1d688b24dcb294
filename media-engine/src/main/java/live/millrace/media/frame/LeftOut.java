// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.frame;

/**
 * A part of a publisher's media that nobody gets, while the rest plays.
 *
 * @param video a picture; else sound
 * @param what the codec's name, or what is wrong in a few words
 */
public record LeftOut(boolean video, String what, Cause cause) {
    /** Why it is left out. */
    public enum Cause {
        /** The engine does not carry its codec. */
        UNSUPPORTED,
        /** Its bytes are not what they say they are. */
        BROKEN
    }
}
