// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.util.List;
import java.util.Locale;
import org.springframework.context.MessageSource;

/**
 * One thing that was looked at.
 *
 * @param key of the text that says what is the case, and what to do where something is wrong
 * @param about what the text speaks of: numbers and names
 */
public record Finding(State state, Subject subject, String key, List<Object> about) {
    /** How it is. */
    public enum State {
        GOOD,
        /** Works, and could be better. */
        NOTE,
        /** The site does not start so, or people cannot use it. */
        BAD
    }

    /** What was looked at. */
    public enum Subject {
        VERSION,
        JAVA,
        FILES,
        FFMPEG,
        DATA,
        DISK,
        SECRETS,
        DATABASE,
        CLOCK,
        TABLES,
        ADMIN,
        SITE,
        WEB,
        RTMP,
        MEDIA,
        RTSP,
        SRT,
        WEBRTC,
        HTTPS,
        HTTP,
        ADDRESS,
        CERTIFICATE,
        MAIL,
        BUCKET,
        BACKUP,
        VERSIONS;

        private String key() {
            return "doctor." + name().toLowerCase(Locale.ROOT);
        }
    }

    public Finding {
        about = List.copyOf(about);
    }

    private static Finding of(State state, Subject subject, String words, Object... about) {
        return new Finding(state, subject, subject.key() + "." + words, List.of(about));
    }

    static Finding good(Subject subject, String words, Object... about) {
        return of(State.GOOD, subject, words, about);
    }

    static Finding note(Subject subject, String words, Object... about) {
        return of(State.NOTE, subject, words, about);
    }

    static Finding bad(Subject subject, String words, Object... about) {
        return of(State.BAD, subject, words, about);
    }

    /** Its subject, in a word or two. */
    public String title(MessageSource texts, Locale language) {
        return texts.getMessage(subject.key(), null, language);
    }

    /** What is the case, as a sentence. */
    public String text(MessageSource texts, Locale language) {
        return texts.getMessage(key, about.toArray(), language);
    }
}
