// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sessions of one stream or recording, by their keys, and by what they look like for requests that say no more. Thread-safe. */
final class StreamViewers {
    private final ConcurrentHashMap<String, ViewerSession> byKey = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Set<ViewerSession>> byLook = new ConcurrentHashMap<>();

    /** When each ticket that opens nothing here was refused last, by its hash. */
    private final ConcurrentHashMap<String, Long> refusedTickets = new ConcurrentHashMap<>();

    @Nullable
    ViewerSession get(String key) {
        return byKey.get(key);
    }

    /** One of those who look so and may watch; null if there is none. */
    @Nullable
    ViewerSession alike(String look) {
        Set<ViewerSession> all = byLook.get(look);
        if (all != null) {
            for (ViewerSession each : all) {
                if (each.check()) {
                    return each;
                }
            }
        }
        return null;
    }

    Collection<ViewerSession> all() {
        return byKey.values();
    }

    int size() {
        return byKey.size();
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    /** Whoever was asked refused a ticket. Whoever bears it needs a session first, so that there are no more of them than of those. */
    void refusedTicket(String hash, long now) {
        refusedTickets.put(hash, now);
    }

    /** Whether a ticket was refused within the last so many nanoseconds. */
    boolean refusesTicket(String hash, long now, long within) {
        Long at = refusedTickets.get(hash);
        return at != null && now - at < within;
    }

    /** Forgets refusals that are older. */
    void forgetRefusals(long now, long than) {
        refusedTickets.values().removeIf(at -> now - at >= than);
    }

    /** Adds a session; the one that has its key already, or null. */
    @Nullable
    ViewerSession putIfAbsent(ViewerSession session) {
        ViewerSession before = byKey.putIfAbsent(session.key, session);
        if (before == null) {
            appear(session.look, session);
        }
        return before;
    }

    /** A session came from another address, or its player calls itself something else. */
    void looks(ViewerSession session, String look) {
        synchronized (session) {
            if (!look.equals(session.look) && byKey.get(session.key) == session) {
                vanish(session.look, session);
                session.look = look;
                appear(look, session);
            }
        }
    }

    /** False if it was not there. */
    boolean remove(ViewerSession session) {
        synchronized (session) {
            if (!byKey.remove(session.key, session)) {
                return false;
            }
            vanish(session.look, session);
            return true;
        }
    }

    private void appear(String look, ViewerSession session) {
        byLook.compute(look, (_, there) -> {
            Set<ViewerSession> all = there == null ? ConcurrentHashMap.newKeySet() : there;
            all.add(session);
            return all;
        });
    }

    private void vanish(String look, ViewerSession session) {
        byLook.computeIfPresent(look, (_, all) -> {
            all.remove(session);
            return all.isEmpty() ? null : all;
        });
    }
}
