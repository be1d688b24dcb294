// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.time.Instant;
import live.millrace.platform.https.Trouble;
import org.jspecify.annotations.Nullable;

/** There is no certificate this time, and this is why. */
final class HttpsFailure extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MOST_DETAIL = 1_000;
    private static final int MOST_TYPE = 200;

    private final Trouble trouble;
    private final @Nullable String type;
    private final String detail;
    private final @Nullable Instant until;
    private final boolean refused;

    /**
     * What went wrong.
     *
     * @param type of the directory's problem; null where it said none
     * @param detail foreign words, cut to what can be shown
     * @param until the end of a limit, or the directory's time
     * @param refused a validation was refused, of which directories allow few
     */
    HttpsFailure(Trouble trouble, @Nullable String type, String detail, @Nullable Instant until, boolean refused) {
        super(trouble.toString());
        this.trouble = trouble;
        this.type = type == null ? null : clean(type, MOST_TYPE);
        this.detail = clean(detail, MOST_DETAIL);
        this.until = until;
        this.refused = refused;
    }

    static HttpsFailure of(Trouble trouble, String detail) {
        return new HttpsFailure(trouble, null, detail, null, false);
    }

    /** No character that no database takes, or that a log line ends at. */
    private static String clean(String words, int most) {
        String cut = words.length() > most ? words.substring(0, most) : words;
        return cut.replaceAll("[\\p{Cntrl}\\p{Cs}]", " ");
    }

    Trouble trouble() {
        return trouble;
    }

    @Nullable
    String type() {
        return type;
    }

    String detail() {
        return detail;
    }

    @Nullable
    Instant until() {
        return until;
    }

    boolean refused() {
        return refused;
    }
}
