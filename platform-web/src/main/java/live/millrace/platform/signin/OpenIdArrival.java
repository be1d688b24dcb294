// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whom another service vouched for: its answer was checked.
 *
 * @param provider which one, and what the site calls it
 * @param issuer with {@code subject} the only thing that says who it is
 * @param email where the service says one that looks like one; else nothing
 * @param emailProved whether the service says that they read its mail
 * @param called as whom they are known there; may be nothing
 * @param authenticatedAt when they showed who they are there, where the service says it
 * @param begunAt when they were sent there
 */
public record OpenIdArrival(
        int provider,
        String service,
        String issuer,
        String subject,
        String email,
        boolean emailProved,
        String called,
        @Nullable Instant authenticatedAt,
        Instant begunAt,
        OpenIdTrip trip)
        implements Serializable {
    private static final long serialVersionUID = 1L;
}
