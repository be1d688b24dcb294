// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

/** The answer to a {@link PublishAttempt}. */
public sealed interface PublishDecision {

    /**
     * The session may publish.
     *
     * @param application what the stream is watched in, beside its name; a path that no stream can have is refused
     *     ({@link RefusalCause#BAD_NAME})
     * @param name under which the stream is watched
     * @param credentialId names the key without revealing it; a second session with the same id takes over
     */
    record Granted(String application, String name, String credentialId) implements PublishDecision {
        /** For a channel: a name in the application {@code live}. */
        public Granted(String channel, String credentialId) {
            this("live", channel, credentialId);
        }
    }

    /** The session may not publish. The peer learns nothing of the cause. */
    record Refused(RefusalCause cause) implements PublishDecision {}
}
