// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import live.millrace.media.access.RefusalCause;

/** What a peer that wants to publish is answered. */
public sealed interface PublishAnswer {
    /** It may, from now on. */
    record Admitted(PublishSession session) implements PublishAnswer {}

    /**
     * It may not. The peer learns nothing of the cause, and after {@link RefusalCause#NO_ANSWER} nothing at all: an encoder would
     * blame its key, and stop for good.
     */
    record Refused(RefusalCause cause) implements PublishAnswer {}
}
