// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates.internal;

import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;
import live.millrace.platform.updates.Trouble;
import live.millrace.platform.updates.Versions;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is the newest version.
 *
 * @param notes where one reads about it, an address of HTTPS; null where nobody said, or no such address
 */
record Answer(String version, @Nullable String notes) {
    private static final int MOST_NOTES = 500;

    /**
     * Reads {@code {"version": "0.2.0", "notes": "https://…"}}, or what GitHub says of a release: {@code tag_name} and {@code html_url}.
     *
     * @throws UpdateFailure when it is neither
     */
    static Answer read(byte[] body, JsonMapper json) throws UpdateFailure {
        JsonNode said;
        try {
            said = json.readTree(body);
        } catch (JacksonException malformed) {
            throw new UpdateFailure(Trouble.MALFORMED, "no JSON");
        }
        String version = text(said, "version", "tag_name")
                .flatMap(Versions::read)
                .orElseThrow(() -> new UpdateFailure(Trouble.MALFORMED, "no version"));
        return new Answer(
                version, text(said, "notes", "html_url").filter(Answer::isLink).orElse(null));
    }

    private static Optional<String> text(JsonNode said, String... names) {
        return Stream.of(names)
                .map(said::path)
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .findFirst();
    }

    private static boolean isLink(String text) {
        try {
            URI address = URI.create(text);
            return text.length() <= MOST_NOTES
                    && "https".equals(address.getScheme())
                    && address.getHost() != null
                    && address.getRawUserInfo() == null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
