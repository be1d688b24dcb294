// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/** The public name of a live stream, which is the name of its channel: 3 to 24 of {@code [a-z0-9_-]}. */
public record StreamPath(String name) {
    private static final Pattern RULE = Pattern.compile("[a-z0-9][a-z0-9_-]{2,23}");

    public StreamPath {
        if (!RULE.matcher(name).matches()) {
            throw new IllegalArgumentException("not a channel name");
        }
    }

    /** The path of a name that came from outside; empty when it cannot be one. */
    public static Optional<StreamPath> of(String name) {
        return RULE.matcher(name).matches() ? Optional.of(new StreamPath(name)) : Optional.empty();
    }

    @Override
    public String toString() {
        return name;
    }
}
