// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

/**
 * One thing that was looked at.
 *
 * @param subject what it is, one or two words
 * @param words what is the case, and what to do where something is wrong
 */
public record Finding(State state, String subject, String words) {
    /** How it is. */
    public enum State {
        GOOD,
        /** Works, and could be better. */
        NOTE,
        /** The site does not start so, or people cannot use it. */
        BAD
    }

    static Finding good(String subject, String words) {
        return new Finding(State.GOOD, subject, words);
    }

    static Finding note(String subject, String words) {
        return new Finding(State.NOTE, subject, words);
    }

    static Finding bad(String subject, String words) {
        return new Finding(State.BAD, subject, words);
    }
}
