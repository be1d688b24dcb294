// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.protocol.srt.SrtReject;

/**
 * Whom was said no a moment ago, and why: a caller that did not hear it repeats its question for three seconds, and is neither asked about
 * nor counted again. All that is left of a caller that was refused. Confined to the event loop.
 */
final class SrtRefusals {
    /** Of all networks together; beyond, those who were told longest ago are asked about again. */
    static final int MOST = 1_024;

    /** As long as callers repeat themselves, and a little longer; µs. */
    static final long KEPT = 5_000_000;

    /** Which caller: it has a number of its own for each of its sockets. */
    record Caller(InetSocketAddress address, int socket) {}

    private record Told(SrtReject why, long at) {}

    private final LinkedHashMap<Caller, Told> told = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Caller, Told> eldest) {
            return size() > MOST;
        }
    };

    /** Somebody is told no. */
    void add(Caller caller, SrtReject why, long now) {
        told.putLast(caller, new Told(why, now));
    }

    /** What a caller was told; empty where it was not, or long ago. */
    Optional<SrtReject> find(Caller caller, long now) {
        Told no = told.get(caller);
        if (no != null && now - no.at() > KEPT) {
            told.remove(caller);
            return Optional.empty();
        }
        return Optional.ofNullable(no).map(Told::why);
    }
}
