// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of a camera's media pages cannot play everywhere, to be said before somebody is told to look. */
final class CameraCodecs {
    /** Pictures that some browsers play, on some machines. */
    private static final Set<String> HARD = Set.of("H.265", "HEVC");

    /** Pictures that no browser shows in what pages are sent. */
    private static final Set<String> UNSEEN = Set.of("VP8");

    /** Sounds that no browser plays in what pages are sent. */
    private static final Set<String> UNHEARD =
            Set.of("G.711", "G.711 A-law", "G.711 µ-law", "PCMA", "PCMU", "MP2", "AC-3");

    private CameraCodecs() {}

    static Optional<String> hard(List<String> codecs) {
        return codecs.stream().filter(HARD::contains).findFirst();
    }

    static Optional<String> unseen(List<String> codecs) {
        return codecs.stream().filter(UNSEEN::contains).findFirst();
    }

    static Optional<String> unheard(List<String> codecs) {
        return codecs.stream().filter(UNHEARD::contains).findFirst();
    }
}
