// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.util.OptionalLong;

/**
 * The site's side of publishing; {@link #mayPublish} is asked on several threads and may use the database, and so may the
 * others but {@link #left}: they are told on one thread, in order, and told again when they fail because the database is away.
 */
public interface PublishAuthorization {
    PublishAnswer mayPublish(PublishQuestion question);

    /**
     * The peer was refused.
     *
     * @param keyId there when the key was right and something else stood against it
     */
    void refused(PublishQuestion question, Refusal refusal, OptionalLong keyId);

    void started(PublishQuestion question, long keyId);

    /** Somebody published with this key until now. Told at once, on any thread; asks no database. */
    void left(long keyId);

    /**
     * The session is over.
     *
     * @param end the name of the engine's {@code PublishEnd}
     */
    void ended(PublishQuestion question, long keyId, String end);
}
