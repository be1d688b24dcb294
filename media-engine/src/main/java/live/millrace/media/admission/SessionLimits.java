// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.media.peer.PeerAddress;

/** Counts the play sessions of each address. Thread-safe. */
final class SessionLimits {
    private final ConcurrentHashMap<String, Integer> ofAddress = new ConcurrentHashMap<>();
    private final PlayAdmission.Limits limits;

    SessionLimits(PlayAdmission.Limits limits) {
        this.limits = limits;
    }

    /** What an address is counted as; empty when there is no limit for it. */
    Optional<String> limited(InetAddress address) {
        return !limits.nearby() && PeerAddress.isNearby(address)
                ? Optional.empty()
                : Optional.of(PeerAddress.client(address));
    }

    /** Takes a place; false when there is none, and nothing is taken. */
    boolean enter(Optional<String> address) {
        if (address.isEmpty() || ofAddress.merge(address.get(), 1, Integer::sum) <= limits.perAddress()) {
            return true;
        }
        leave(address);
        return false;
    }

    /** Gives a place back that was taken. */
    void leave(Optional<String> address) {
        address.ifPresent(each -> ofAddress.computeIfPresent(each, (_, count) -> count == 1 ? null : count - 1));
    }
}
