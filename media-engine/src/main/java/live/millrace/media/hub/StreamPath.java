// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a live stream is found: an application, as every streaming server has it, and a name in it. Each is 1 to 128 of
 * {@code [A-Za-z0-9._-]} and begins with a letter or digit, case kept; a name does not end as addresses over HTTP do.
 *
 * <p>It is made of what anybody may see: never of a stream key.
 */
public record StreamPath(String application, String name) {
    /** The application of a site's channels, and of an address that names none. */
    public static final String LIVE = "live";

    /** What a name may be, in words for whoever gave another. */
    public static final String RULE = "1 to 128 of A-Z a-z 0-9 . _ - each for application and name, a letter or digit"
            + " first; no .flv, .ts, .mp4, .fmp4, .m3u8, .mpd, .live or .record at the end of the name";

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** {@code /live/a.flv} is the stream {@code a} as FLV: nobody could ask for a stream of the name {@code a.flv}. */
    private static final Pattern SUFFIXED =
            Pattern.compile(".*\\.(flv|ts|mp4|fmp4|m3u8|mpd|live|record)", Pattern.CASE_INSENSITIVE);

    /** @throws IllegalArgumentException if it breaks {@link #RULE} */
    public StreamPath {
        if (!fits(application, name)) {
            throw new IllegalArgumentException("not the path of a stream: " + RULE);
        }
    }

    /** The path of what came from outside; empty when it breaks {@link #RULE}. */
    public static Optional<StreamPath> of(String application, String name) {
        return fits(application, name) ? Optional.of(new StreamPath(application, name)) : Optional.empty();
    }

    /**
     * The path of a channel: a name in the application {@value #LIVE}.
     *
     * @throws IllegalArgumentException if it breaks {@link #RULE}
     */
    public static StreamPath live(String name) {
        return new StreamPath(LIVE, name);
    }

    private static boolean fits(String application, String name) {
        return PART.matcher(application).matches()
                && PART.matcher(name).matches()
                && !SUFFIXED.matcher(name).matches();
    }

    /** {@code live/anna}. */
    @Override
    public String toString() {
        return application + "/" + name;
    }
}
