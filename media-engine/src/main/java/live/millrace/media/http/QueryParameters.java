// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads queries. */
final class QueryParameters {
    private static final int MAX_PARAMETERS = 16;
    private static final Optional<Map<String, String>> NONE = Optional.of(Map.of());

    private QueryParameters() {}

    /**
     * The parameters of a query, decoded; the first of each name. Empty when the query is broken.
     *
     * @param rawQuery without the question mark
     */
    static Optional<Map<String, String>> of(String rawQuery) {
        if (rawQuery.isEmpty()) {
            return NONE;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, List<String>> entry : new QueryStringDecoder(
                            rawQuery, StandardCharsets.UTF_8, false, MAX_PARAMETERS)
                    .parameters()
                    .entrySet()) {
                parameters.put(entry.getKey(), entry.getValue().getFirst());
            }
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.of(parameters);
    }
}
