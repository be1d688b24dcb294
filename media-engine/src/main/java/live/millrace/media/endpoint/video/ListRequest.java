// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.media.endpoint.HttpViewer;
import live.millrace.media.http.HttpRequest;

/**
 * What a request wants of a playlist.
 *
 * @param windowSeconds how much before the end; 0 for all
 * @param startMillis in media time; -1 for the beginning
 * @param endMillis in media time; -1 for the end
 * @param soundAlone no pictures
 * @param delta without what the client has
 * @param gzip compressed
 * @param handedOn what addresses inside inherit, with its question mark; may be empty
 */
record ListRequest(
        long windowSeconds,
        long startMillis,
        long endMillis,
        boolean soundAlone,
        boolean delta,
        boolean gzip,
        String handedOn) {
    /** Years; more digits are no time. */
    private static final int MOST_DIGITS = 12;

    /** Empty when its numbers are none, or it ends before it starts. */
    static Optional<ListRequest> of(HttpRequest query) {
        Optional<Long> window = number(query, "window");
        Optional<Long> start = number(query, "start");
        Optional<Long> end = number(query, "end");
        if (window.isEmpty() || start.isEmpty() || end.isEmpty()) {
            return Optional.empty();
        }
        if ((end.get() >= 0 && end.get() <= Math.max(0, start.get())) || window.get() == 0) {
            return Optional.empty();
        }
        List<String> inherited = new ArrayList<>();
        String viewer = HttpViewer.handedOn(query);
        if (!viewer.isEmpty()) {
            inherited.add(viewer.substring(1));
        }
        inherit("window", window.get(), inherited);
        inherit("start", start.get(), inherited);
        inherit("end", end.get(), inherited);
        // It changes nothing but the address: whoever knows of another version asks past what caches keep.
        inherit("v", number(query, "v").orElse(-1L), inherited);
        return Optional.of(new ListRequest(
                Math.max(0, window.get()),
                start.get(),
                end.get(),
                soundAlone(query),
                query.parameter("_HLS_skip")
                        .filter(skip -> skip.equals("YES") || skip.equals("v2"))
                        .isPresent(),
                query.headers()
                        .get(HttpHeaderNames.ACCEPT_ENCODING, "")
                        .toLowerCase(Locale.ROOT)
                        .contains("gzip"),
                inherited.isEmpty() ? "" : "?" + String.join("&", inherited)));
    }

    static boolean soundAlone(HttpRequest query) {
        return query.parameter("audio").filter("only"::equals).isPresent();
    }

    /** The same in what a media playlist depends on. */
    ListRequest ofMedia() {
        return new ListRequest(windowSeconds, startMillis, endMillis, false, delta, gzip, "");
    }

    private static void inherit(String name, long value, List<String> to) {
        if (value >= 0) {
            to.add(name + "=" + value);
        }
    }

    /** -1 where it is absent; empty where it is no number. */
    static Optional<Long> number(HttpRequest query, String name) {
        Optional<String> text = query.parameter(name);
        return text.isEmpty() ? Optional.of(-1L) : number(text.get());
    }

    /** Not negative; empty when it is none. */
    static Optional<Long> number(String text) {
        boolean digits = !text.isEmpty()
                && text.length() <= MOST_DIGITS
                && text.chars().allMatch(each -> each >= '0' && each <= '9');
        return digits ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }
}
