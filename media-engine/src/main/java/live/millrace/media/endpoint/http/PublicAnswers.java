// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What of recordings that are for everybody is being sent, so that it can end when one is not any more. Thread-safe. */
final class PublicAnswers {
    private final ConcurrentHashMap<String, Set<Runnable>> ofRecording = new ConcurrentHashMap<>();

    void hold(String recording, Runnable end) {
        ofRecording.compute(recording, (_, there) -> {
            Set<Runnable> all = there == null ? ConcurrentHashMap.newKeySet() : there;
            all.add(end);
            return all;
        });
    }

    /** Idempotent. */
    void release(String recording, Runnable end) {
        ofRecording.computeIfPresent(recording, (_, all) -> {
            all.remove(end);
            return all.isEmpty() ? null : all;
        });
    }

    /** Whether something is being sent. */
    boolean any(String recording) {
        return ofRecording.containsKey(recording);
    }

    /** Ends all of it. */
    void end(String recording) {
        ofRecording.getOrDefault(recording, Set.of()).forEach(Runnable::run);
    }
}
