// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The addresses of a presentation and its tracks (RFC 2326 appendix C.1.1). They are joined as text, not by the rules for URIs: that is what
 * servers expect, queries in the middle included.
 */
public final class RtspAddresses {
    private RtspAddresses() {}

    /**
     * What track addresses are relative to.
     *
     * @param requested the address that was described
     * @param answer the headers of its description
     */
    public static String base(String requested, RtspHeaders answer) {
        return answer.get("Content-Base")
                .filter(RtspAddresses::isAbsolute)
                .or(() -> answer.get("Content-Location").filter(RtspAddresses::isAbsolute))
                .orElse(requested);
    }

    /** The address that a control attribute stands for. */
    public static String track(String base, String control) {
        if (isAbsolute(control)) {
            return control;
        }
        if (control.isEmpty() || control.equals("*")) {
            return base;
        }
        // One slash, and behind a query as well: Dahua wants cam/realmonitor?channel=1&subtype=0/trackID=0
        if (base.endsWith("/")) {
            return base + (control.startsWith("/") ? control.substring(1) : control);
        }
        return base + (control.startsWith("/") || control.startsWith("?") ? control : "/" + control);
    }

    /**
     * Which of our tracks a client means, that put a control behind our address or in front of its query.
     *
     * @param controls as our description has them, relative
     */
    public static Optional<String> control(String uri, List<String> controls) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        return controls.stream()
                .filter(control -> endsWith(uri, control) || endsWith(path, control))
                .findFirst();
    }

    private static boolean endsWith(String uri, String control) {
        String whole = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        return whole.endsWith("/" + control);
    }

    private static boolean isAbsolute(String uri) {
        String small = uri.toLowerCase(Locale.ROOT);
        return small.startsWith("rtsp://") || small.startsWith("rtsps://");
    }
}
