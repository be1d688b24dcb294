// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import live.millrace.media.endpoint.PublishAddress;
import live.millrace.media.protocol.srt.SrtStreamId;

/** What a stream id means here. */
final class SrtAddresses {
    /** Of a query. */
    private static final String KEY = "key=";

    /** Keys of the site begin so. */
    private static final String KEY_PREFIX = "mr_";

    private SrtAddresses() {}

    /** What a caller wants. */
    static SrtStreamId.Mode mode(SrtStreamId id) {
        return id.mode().orElse(looksLikeKey(id) ? SrtStreamId.Mode.PUBLISH : SrtStreamId.Mode.REQUEST);
    }

    /**
     * Whether an id that does not say what it wants wants to publish: people leave the mode away.
     */
    private static boolean looksLikeKey(SrtStreamId id) {
        String path = id.resource();
        return path.substring(path.lastIndexOf('/') + 1).startsWith(KEY_PREFIX)
                || id.parameters().startsWith(KEY)
                || id.parameters().contains("&" + KEY);
    }

    /** The same address as that of other protocols: the user, where there is one, is the key of whoever publishes. */
    static PublishAddress address(SrtStreamId id, SrtStreamId.Mode mode) {
        String query = id.parameters();
        if (mode == SrtStreamId.Mode.PUBLISH
                && id.user().isPresent()
                && !id.parameters().contains(KEY)) {
            query = KEY + id.user().get() + (query.isEmpty() ? "" : "&" + query);
        }
        return PublishAddress.parse("", query.isEmpty() ? id.resource() : id.resource() + "?" + query);
    }
}
