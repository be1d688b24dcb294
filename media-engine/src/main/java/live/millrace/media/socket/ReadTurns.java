// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns in which sockets are read whose bytes nobody waits for. A socket that is read whenever something comes costs a wake-up and a
 * system call for each message; one that is read once in {@value #TURN_MILLIS} ms has several messages to give at once. The sockets
 * of a loop are spread over the turn, so that no wake-up is long.
 *
 * <p>While a loop has few of them there are no turns: every socket is read when it has something, and no timer runs.
 *
 * <p>Thread-safe; {@link #join} and {@link #leave} are called on the loop that they name, and readers as well.
 */
public final class ReadTurns {
    private static final Logger LOG = LoggerFactory.getLogger(ReadTurns.class);

    /** The time from one read of a socket to its next. */
    public static final int TURN_MILLIS = 80;

    /** So many sockets of a loop are read as they come: their wake-ups are not worth a delay. */
    public static final int FEW = 25;

    private static final int SLOTS = 16;

    /** A socket that may be able to wait. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Its turn has come.
         *
         * @param next whether another turn follows; if not, the socket has to be read as it comes
         */
        void turn(boolean next);
    }

    private final int few;
    private final ConcurrentHashMap<EventLoop, Wheel> wheels = new ConcurrentHashMap<>();

    /** @param few so many sockets of a loop are read as they come */
    public ReadTurns(int few) {
        this.few = few;
    }

    /** Takes a reader in, which must not be in already. */
    public void join(EventLoop loop, Reader reader) {
        wheels.computeIfAbsent(loop, each -> new Wheel(each, few)).join(reader);
    }

    /** Takes a reader out; it gets no turn any more. */
    public void leave(EventLoop loop, Reader reader) {
        Wheel wheel = wheels.get(loop);
        if (wheel != null) {
            wheel.leave(reader);
        }
    }

    /** The sockets of a loop, and confined to it. */
    private static final class Wheel implements Runnable {
        private final EventLoop loop;
        private final int few;
        private final List<List<Reader>> slots = new ArrayList<>(SLOTS);
        private int readers;
        private int nextSlot;
        private @Nullable ScheduledFuture<?> timer;

        Wheel(EventLoop loop, int few) {
            this.loop = loop;
            this.few = few;
            for (int i = 0; i < SLOTS; i++) {
                slots.add(new ArrayList<>());
            }
        }

        void join(Reader reader) {
            slots.get(readers % SLOTS).add(reader);
            readers++;
            if (readers > few && timer == null) {
                // Late is late: rounds that were missed are not made up for.
                timer = loop.scheduleWithFixedDelay(
                        this, TURN_MILLIS / SLOTS, TURN_MILLIS / SLOTS, TimeUnit.MILLISECONDS);
            }
        }

        void leave(Reader reader) {
            for (List<Reader> slot : slots) {
                if (slot.remove(reader)) {
                    readers--;
                    break;
                }
            }
            ScheduledFuture<?> running = timer;
            if (running != null && readers <= few - few / 4) {
                running.cancel(false);
                timer = null;
                slots.forEach(slot -> turns(slot, false));
            }
        }

        @Override
        public void run() {
            nextSlot = (nextSlot + 1) % SLOTS;
            turns(slots.get(nextSlot), true);
        }

        /** From the end, because a reader may leave in its turn. One that fails costs none of the others theirs. */
        private static void turns(List<Reader> slot, boolean next) {
            for (int i = slot.size() - 1; i >= 0; i--) {
                try {
                    slot.get(i).turn(next);
                } catch (RuntimeException e) {
                    LOG.error("A socket could not be read in its turn", e);
                }
            }
        }
    }
}
