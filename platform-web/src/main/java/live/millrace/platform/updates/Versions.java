// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates;

import java.util.Optional;
import org.semver4j.Semver;

/** Which of two versions is the newer (Semantic Versioning 2.0.0 §11). */
public final class Versions {
    /** Far beyond any that a person writes. */
    private static final int MOST = 64;

    private Versions() {}

    /**
     * Reads a version; a leading v, as tags have it, is left out.
     *
     * @return as Semantic Versioning writes it; empty for what is none
     */
    public static Optional<String> read(String written) {
        String text = written.startsWith("v") ? written.substring(1) : written;
        return text.length() > MOST
                ? Optional.empty()
                : Optional.ofNullable(Semver.parse(text)).map(Semver::getVersion);
    }

    /** Whether the first is newer than the second. What is no version is newer than nothing. */
    public static boolean newer(String one, String other) {
        Semver first = Semver.parse(one);
        Semver second = Semver.parse(other);
        return first != null && second != null && first.isGreaterThan(second);
    }
}
