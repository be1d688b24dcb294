// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one playlist, and those who wait for one that is not there yet (rfc8216bis §6.2.5.2). Thread-safe.
 */
final class BlockingReload {
    /** Of the whole engine: beyond, players are told to come back. */
    private static final int MAX_HELD = 20_000;

    /** Parts beyond the last one that may be asked for, at a part target below a second (§6.2.5.2). */
    private static final int ADVANCE_SECONDS = 3;

    /** Why there is no version. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean tooFar;

        RefusedException(boolean tooFar) {
            super(tooFar ? "too far ahead" : "too many wait", null, false, false);
            this.tooFar = tooFar;
        }

        /** The player asks for what is far away; else the engine holds as many requests as it can. */
        boolean tooFar() {
            return tooFar;
        }
    }

    private record Waiting(long segment, int part, CompletableFuture<PlaylistVersion> answer) {}

    private final AtomicInteger held;
    private final IntSupplier targetDuration;
    private final int advanceParts;
    private final List<Waiting> waiting = new ArrayList<>();
    private volatile @Nullable PlaylistVersion version;

    /**
     * Nothing is there yet.
     *
     * @param held counts the held requests of the engine
     * @param targetDuration in seconds; a request is held for three of them
     */
    BlockingReload(AtomicInteger held, IntSupplier targetDuration, long partTargetMillis) {
        this.held = held;
        this.targetDuration = targetDuration;
        this.advanceParts = (int) (ADVANCE_SECONDS * 1_000 / partTargetMillis);
    }

    /** The newest version; null before the first. */
    @Nullable
    PlaylistVersion version() {
        return version;
    }

    /** Puts a version in the place of the last, and wakes those who waited for it together. */
    void publish(PlaylistVersion next) {
        List<Waiting> woken = new ArrayList<>();
        synchronized (waiting) {
            version = next;
            for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
                Waiting each = all.next();
                if (each.answer().isDone()) {
                    all.remove();
                } else if (satisfies(next, each.segment(), each.part())) {
                    all.remove();
                    woken.add(each);
                }
            }
        }
        woken.forEach(each -> each.answer().complete(next));
    }

    /**
     * The first version that holds a segment, or a part of it. Fails with {@link RefusedException}, and with a timeout when it did not
     * come within three target durations.
     *
     * @param part -1 for the whole segment
     */
    CompletionStage<PlaylistVersion> await(long segment, int part) {
        CompletableFuture<PlaylistVersion> answer = new CompletableFuture<>();
        synchronized (waiting) {
            PlaylistVersion now = version;
            if (now != null && satisfies(now, segment, part)) {
                return CompletableFuture.completedStage(now);
            }
            if (now != null && tooFar(now, segment, part)) {
                return CompletableFuture.failedStage(new RefusedException(true));
            }
            if (held.get() >= MAX_HELD) {
                return CompletableFuture.failedStage(new RefusedException(false));
            }
            held.incrementAndGet();
            waiting.add(new Waiting(segment, part, answer));
        }
        return answer.orTimeout(3_000L * targetDuration.getAsInt(), TimeUnit.MILLISECONDS)
                .whenComplete((_, _) -> held.decrementAndGet());
    }

    /** A part beyond the last of its segment is the first part of the next (§6.2.5.2). */
    private static boolean satisfies(PlaylistVersion version, long segment, int part) {
        if (version.playlist().ended() || segment < version.lastSegment()) {
            return true;
        }
        if (part < 0) {
            return segment <= version.lastSegment();
        }
        if (segment == version.openSegment()) {
            return part < version.openParts();
        }
        return segment == version.lastSegment()
                && (version.openParts() > 0
                        || part < version.playlist().entries().getLast().parts().size());
    }

    private boolean tooFar(PlaylistVersion version, long segment, int part) {
        long last = version.lastSegment();
        if (segment > last + 2) {
            return true;
        }
        int known = segment == version.openSegment()
                ? version.openParts()
                : segment == last
                        ? version.playlist().entries().getLast().parts().size()
                        : 0;
        return part > known + advanceParts;
    }
}
