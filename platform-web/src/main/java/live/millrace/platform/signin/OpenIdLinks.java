// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Which accounts of other services are whose here: by issuer and subject, and by nothing else. Thread-safe. */
public interface OpenIdLinks {
    /** More than anybody has. */
    int MOST = 20;

    /**
     * One of them.
     *
     * @param service what the site calls the service now; its address when it is not set up any more
     * @param name as whom the person is known there
     * @param provider its number; zero when it is not offered now
     */
    record Link(
            long id,
            String service,
            String name,
            int provider,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {}

    /** What came of linking. */
    enum Linked {
        DONE,
        /** It is theirs already. */
        THERE,
        /** It is somebody else's. */
        TAKEN,
        TOO_MANY
    }

    /** What came of unlinking. */
    enum Unlinked {
        DONE,
        GONE,
        /** Nothing else would let them in. */
        LAST
    }

    List<Link> of(long accountId);

    /** Whose account it is. */
    OptionalLong account(OpenIdArrival arrival);

    /** Notes that it let its owner in. */
    void used(OpenIdArrival arrival);

    Linked link(long accountId, OpenIdArrival arrival);

    Unlinked remove(long accountId, long id);

    /** Whether an account would have no way in without its passkeys. */
    boolean noneBeside(long accountId);
}
