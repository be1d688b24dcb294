// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Instant;
import java.util.List;

/** From where people logged in lately. Private: whoever looks leaves a trace in the audit log. Thread-safe. */
public interface KnownAddresses {
    record KnownAddress(String address, Instant firstSeen, Instant lastSeen, List<String> alsoUsedBy) {}

    /** Notes that somebody came from an address. */
    void seen(long accountId, String address);

    /** Whether somebody signed in from an address lately; of IPv6 from its /64 network. */
    boolean familiar(long accountId, String address);

    /** The last ones of an account, the newest first, and who else came from there. */
    List<KnownAddress> of(long accountId);
}
