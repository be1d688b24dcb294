// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.audit.Actor;
import org.jspecify.annotations.Nullable;

/** Networks that may neither sign up, log in, write nor publish. Thread-safe; asking costs no query. */
public interface AddressBans {
    int MAX_BANS = 5_000;

    record AddressBan(
            long id,
            String network,
            String reason,
            String madeBy,
            Instant madeAt,
            @Nullable Instant until) {}

    /** Whether an address is banned at this moment. */
    boolean banned(String address);

    /** Those in force, the newest first. */
    List<AddressBan> all();

    /**
     * Bans an address or a network.
     *
     * @param network {@code 203.0.113.7}, {@code 203.0.113.0/24}, {@code 2001:db8::/64}
     * @param ownAddress of whoever asks
     * @param until null for ever
     * @return what stands against it, a key under {@code admin.ban}; empty when it is done
     */
    Optional<String> ban(String network, String ownAddress, String reason, @Nullable Instant until, Actor actor);

    /**
     * Bans the addresses that an account came from lately, as far as they can be banned.
     *
     * @return the bans
     */
    List<Long> banKnown(long accountId, String reason, @Nullable Instant until, Actor actor);

    /** Answers whether there was one. */
    boolean lift(long id, Actor actor);
}
