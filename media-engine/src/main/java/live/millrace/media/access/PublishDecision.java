// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.util.Optional;

/** The answer to a {@link PublishAttempt}. */
public sealed interface PublishDecision {

    /**
     * The session may publish.
     *
     * @param application what the stream is watched in, beside its name; a path that no stream can have is refused
     *     ({@link RefusalCause#BAD_NAME})
     * @param name under which the stream is watched
     * @param credentialId names the key without revealing it; a second session with the same id takes over
     * @param resumption the broadcast that goes on with this session, unless one is on already
     * @param recording what the broadcast is kept as, should it begin with this session; empty when it is not kept
     * @param passphrase what a protocol that has its own encryption is to be encrypted with; empty: with that of the server, if it has one.
     *     Others do not look at it
     */
    record Granted(
            String application,
            String name,
            String credentialId,
            Optional<Resumption> resumption,
            Optional<String> recording,
            Optional<Passphrase> passphrase)
            implements PublishDecision {
        /** A broadcast of its own, which nobody keeps. */
        public Granted(String application, String name, String credentialId) {
            this(application, name, credentialId, Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** For a channel: a name in the application {@code live}. */
        public Granted(String channel, String credentialId) {
            this("live", channel, credentialId);
        }

        /** The same as the continuation of a broadcast. */
        public Granted resuming(Optional<Resumption> before) {
            return new Granted(application, name, credentialId, before, recording, passphrase);
        }

        /** The same, kept. */
        public Granted recordedAs(Optional<String> id) {
            return new Granted(application, name, credentialId, resumption, id, passphrase);
        }

        /** The same for those alone who know a passphrase, where the protocol has one. */
        public Granted encryptedWith(Optional<Passphrase> secret) {
            return new Granted(application, name, credentialId, resumption, recording, secret);
        }
    }

    /** The session may not publish. The peer learns nothing of the cause. */
    record Refused(RefusalCause cause) implements PublishDecision {}
}
