// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import java.util.List;
import live.millrace.platform.shared.WellFormed;

/** Reasons that staff give for what they do. */
final class Reasons {
    static final int MAX = 300;

    /** Those to choose from, where a click is all there is time for; texts are {@code admin.reason.*}. */
    static final List<String> QUICK = List.of("RULES", "TECHNICAL", "OTHER");

    private Reasons() {}

    /** What was typed, on one line and bounded. */
    static String text(String typed) {
        String line = typed.replaceAll("\\p{Cntrl}+", " ").strip();
        return WellFormed.cut(line, MAX);
    }
}
