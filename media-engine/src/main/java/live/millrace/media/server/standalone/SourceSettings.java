// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceMode;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is fetched, in the settings file.
 *
 * @param path {@code cameras/yard}; a name alone is one in {@code live}
 * @param mode {@code on-demand}, which it is unless said, or {@code always}
 * @param transport {@code tcp}, which it is unless said, or {@code udp}
 * @param patience how long it may take to start
 */
record SourceSettings(
        @Nullable String path,
        @Nullable String url,
        @Nullable String mode,
        @Nullable String transport,
        @Nullable Duration patience) {
    private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(1);

    /** A source that is ready to be fetched. */
    record Wanted(SourceAddress address, SourceMode mode) {
        /** Secrets stand here. */
        @Override
        public String toString() {
            return "Wanted[" + mode + "]";
        }
    }

    /** Secrets stand here. */
    @Override
    public String toString() {
        return "SourceSettings[" + path + "]";
    }

    /**
     * All of a file.
     *
     * @throws IllegalArgumentException if one cannot be
     */
    static Map<StreamPath, Wanted> all(@Nullable List<SourceSettings> written) {
        Map<StreamPath, Wanted> all = new HashMap<>();
        for (SourceSettings each : written == null ? List.<SourceSettings>of() : written) {
            StreamPath path = each.streamPath();
            if (all.putIfAbsent(path, each.wanted(path)) != null) {
                throw new IllegalArgumentException("sources has " + path + " twice.");
            }
        }
        return all;
    }

    private StreamPath streamPath() {
        String said = path == null ? "" : path;
        int slash = said.indexOf('/');
        return StreamPath.of(slash < 0 ? StreamPath.LIVE : said.substring(0, slash), said.substring(slash + 1))
                .orElseThrow(() -> new IllegalArgumentException(
                        "A path in sources is not the path of a stream: " + StreamPath.RULE + "."));
    }

    private Wanted wanted(StreamPath of) {
        Duration time = patience == null ? SourceAddress.USUAL_PATIENCE : patience;
        if (time.isZero() || time.compareTo(LONGEST_PATIENCE) > 0) {
            throw new IllegalArgumentException("sources: the patience of " + of + " is more than 0s and at most 1m.");
        }
        try {
            return new Wanted(
                    SourceAddress.of(
                            url == null ? "" : url,
                            second("transport", transport, "tcp", "udp"),
                            SourceAddress.Reach.PRIVATE,
                            time),
                    second("mode", mode, "on-demand", "always") ? SourceMode.ALWAYS : SourceMode.ON_DEMAND);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("sources: " + of + " cannot be fetched: " + e.getMessage() + ".", e);
        }
    }

    /** Whether a setting with two values has the second. */
    private static boolean second(String name, @Nullable String said, String first, String second) {
        if (said == null || said.equals(first)) {
            return false;
        }
        if (said.equals(second)) {
            return true;
        }
        throw new IllegalArgumentException(name + " is " + first + " or " + second);
    }
}
