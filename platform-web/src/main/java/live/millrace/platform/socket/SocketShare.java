// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.shared.RemoteAddress;
import org.jspecify.annotations.Nullable;

/**
 * How many pages one account and one address may have open: a school behind one address watches too, each of its signed-in people with
 * a share of their own. Thread-safe.
 */
final class SocketShare {
    /** Of people who are not signed in, behind one address. */
    static final int PER_ADDRESS = 250;

    /** Behind an address of this machine or of a private network may sit a proxy that tells nothing, or a school. */
    static final int NEARBY = 4;

    /** Of one account, on all its devices. */
    static final int PER_ACCOUNT = 50;

    private final Map<String, Integer> open = new ConcurrentHashMap<>();

    private record Share(String key, int most) {}

    private static Share share(@Nullable AccountPrincipal principal, String remote) {
        return principal != null
                ? new Share("account " + principal.accountId(), PER_ACCOUNT)
                : new Share(RemoteAddress.network(remote), PER_ADDRESS * (RemoteAddress.nearby(remote) ? NEARBY : 1));
    }

    /** Takes a place; false when there is none, and nothing is taken. */
    boolean enter(@Nullable AccountPrincipal principal, String remote) {
        Share share = share(principal, remote);
        if (open.merge(share.key(), 1, Integer::sum) > share.most()) {
            leave(principal, remote);
            return false;
        }
        return true;
    }

    /** Gives a place back that was taken. */
    void leave(@Nullable AccountPrincipal principal, String remote) {
        open.computeIfPresent(share(principal, remote).key(), (_, count) -> count == 1 ? null : count - 1);
    }

    /** Whose places are taken; for tests. */
    List<String> holders() {
        return List.copyOf(open.keySet());
    }
}
