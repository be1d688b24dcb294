// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.util.List;

/** Languages that a stream can be in: ISO 639-1 codes, the ones our viewers speak first. */
public final class StreamLanguages {
    public static final List<String> ALL =
            List.of("en", "zh", "ja", "ko", "es", "fr", "de", "pt", "ru", "it", "ar", "hi", "id", "th", "vi", "tr");

    private StreamLanguages() {}

    public static boolean known(String code) {
        return code.isEmpty() || ALL.contains(code);
    }
}
