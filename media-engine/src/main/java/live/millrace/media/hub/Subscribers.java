// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import live.millrace.media.frame.MediaFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever takes what a stream sends, each behind a bulkhead: one that fails is told of the end and hears no more, and neither the
 * publisher nor the others notice. Confined to the stream's thread.
 */
final class Subscribers {
    private static final Logger LOG = LoggerFactory.getLogger(Subscribers.class);

    private final StreamPath path;
    private final Runnable untaken;
    private final List<Subscriber> all = new ArrayList<>();
    private long timesTaken;

    /** @param untaken run when the last one who wants the stream to be there has left it */
    Subscribers(StreamPath path, Runnable untaken) {
        this.path = path;
        this.untaken = untaken;
    }

    boolean isTaken() {
        return all.stream().anyMatch(Subscriber::takes);
    }

    /** How many have come so far who want the stream to be there. */
    long timesTaken() {
        return timesTaken;
    }

    /** Adds one, and tells it what it has missed. */
    void add(Subscriber subscriber, Consumer<Subscriber> missed) {
        all.add(subscriber);
        timesTaken += subscriber.takes() ? 1 : 0;
        tell(subscriber, missed);
    }

    void remove(Subscriber subscriber) {
        if (all.remove(subscriber)) {
            gone(subscriber);
        }
    }

    private void gone(Subscriber subscriber) {
        if (subscriber.takes() && !isTaken()) {
            untaken.run();
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Tells everybody. */
    void tell(Consumer<Subscriber> call) {
        for (Subscriber each : List.copyOf(all)) {
            tell(each, call);
        }
    }

    private void tell(Subscriber subscriber, Consumer<Subscriber> call) {
        try {
            call.accept(subscriber);
        } catch (RuntimeException e) {
            takeOut(subscriber, e);
        }
    }

    /** For each frame of a stream, so without a copy of the list. */
    void frame(MediaFrame frame) {
        for (int i = 0; i < all.size(); i++) {
            Subscriber each = all.get(i);
            try {
                each.frame(frame);
            } catch (RuntimeException e) {
                takeOut(each, e);
                i--;
            }
        }
    }

    /** Tells everybody of the end, and forgets them. */
    void end() {
        List<Subscriber> last = List.copyOf(all);
        all.clear();
        last.forEach(this::end);
    }

    private void takeOut(Subscriber failed, RuntimeException cause) {
        if (all.remove(failed)) {
            LOG.error("A way out of {} failed and is ended; the others go on", path, cause);
            end(failed);
            gone(failed);
        }
    }

    private void end(Subscriber subscriber) {
        try {
            subscriber.ended();
        } catch (RuntimeException e) {
            LOG.error("A way out of {} could not be ended", path, e);
        }
    }
}
