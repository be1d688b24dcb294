// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

/** The answer to a {@link PublishAttempt}. */
public sealed interface PublishDecision {

    /**
     * The session may publish.
     *
     * @param channel the name under which the stream is watched: 3–24 of {@code [a-z0-9_-]}
     * @param credentialId names the key without revealing it; a second session with the same id takes over
     */
    record Granted(String channel, String credentialId) implements PublishDecision {}

    /** The session may not publish. The peer learns nothing of the cause. */
    record Refused(RefusalCause cause) implements PublishDecision {}
}
