// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Words that say what a stream is about. One spelling each: compatibility forms folded, small letters, hyphens for spaces. */
public final class Tags {
    public static final int MAX_TAGS = 10;
    public static final int MAX_LENGTH = 30;

    private static final Pattern SEPARATOR = Pattern.compile("[,，、;；\\n#＃]+");
    private static final Pattern SPACE = Pattern.compile("[\\s_-]+");
    private static final Pattern STRANGE = Pattern.compile("[^\\p{L}\\p{M}\\p{N}+.-]");

    private Tags() {}

    /** One tag; empty when nothing is left of it. Too long a tag is cut. */
    public static Optional<String> normalize(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT);
        String clean = STRANGE.matcher(SPACE.matcher(folded).replaceAll("-")).replaceAll("");
        int end = clean.offsetByCodePoints(0, Math.min(MAX_LENGTH, clean.codePointCount(0, clean.length())));
        String cut = clean.substring(0, end).replaceAll("^[-.]+|[-.]+$", "");
        return cut.isEmpty() ? Optional.empty() : Optional.of(cut);
    }

    /** The tags in what somebody typed, separated by commas of any script or number signs; more than ten are left out. */
    public static List<String> parse(String text) {
        Set<String> tags = new LinkedHashSet<>();
        Arrays.stream(SEPARATOR.split(text))
                .map(Tags::normalize)
                .flatMap(Optional::stream)
                .forEach(tags::add);
        return tags.stream().limit(MAX_TAGS).toList();
    }
}
