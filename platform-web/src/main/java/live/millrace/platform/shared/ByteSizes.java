// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.util.Locale;

/** Sizes in the one family of units that people read here: those of ten, as disks and clouds are sold and systems show them. */
public final class ByteSizes {
    private static final double GIGA = 1e9;
    private static final double MEGA = 1e6;

    private ByteSizes() {}

    /** For example {@code 1.2 GB}, {@code 40 MB}. */
    public static String text(long bytes) {
        return bytes >= GIGA
                ? String.format(Locale.ROOT, "%.1f GB", bytes / GIGA)
                : String.format(Locale.ROOT, "%d MB", Math.round(bytes / MEGA));
    }
}
