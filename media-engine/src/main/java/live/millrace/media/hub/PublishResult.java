// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

/** The hub's answer to a {@link PublishRequest}. */
public sealed interface PublishResult {
    record Accepted(Publisher publisher) implements PublishResult {}

    record Refused(Cause cause) implements PublishResult {}

    /** Why not. */
    enum Cause {
        /** Somebody with another key is publishing. */
        BUSY,
        /** The same key took over a moment ago: two encoders fight for it. */
        TAKEOVER_TOO_SOON,
        /** No room for another live stream. */
        FULL
    }
}
