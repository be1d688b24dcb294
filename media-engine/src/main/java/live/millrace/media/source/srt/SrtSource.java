// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.srt;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import live.millrace.media.source.SourceProtocol;

/**
 * Fetches transport streams by SRT, as the caller: {@code srt://host:port?streamid=…&latency=…}, with the password of the address as its
 * passphrase. Who listens instead, for us to be called by, publishes.
 */
public final class SrtSource implements SourceProtocol {
    private static final int WAITING_FOR_KEYS = 256;

    /** SRT has no port of its own; this is what most servers listen on, and this one. */
    private static final Map<String, Integer> SCHEMES = Map.of("srt", 8890);

    /** PBKDF2 takes a millisecond or two, which is too much for a loop. Its thread ends when nobody calls. */
    private final ThreadPoolExecutor keyWork = new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_FOR_KEYS),
            task -> Thread.ofPlatform().name("srt-source-keys").daemon().unstarted(task));

    public SrtSource() {
        keyWork.allowCoreThreadTimeOut(true);
    }

    @Override
    public Map<String, Integer> schemes() {
        return SCHEMES;
    }

    @Override
    public Conversation begin(Request request, Listener listener) {
        SrtCall call = new SrtCall(request, listener, keyWork);
        call.start();
        return call;
    }
}
