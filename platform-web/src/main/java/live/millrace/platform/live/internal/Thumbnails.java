// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.ffmpeg.Ffmpeg;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.picture.Palette;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Pictures of running streams, one after the other, so that many streams make them older and never the machine slower. They live in
 * memory; the last of a broadcast is kept when it is over.
 */
@Component
public class Thumbnails implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Thumbnails.class);

    /** A broadcast that begins is not without a picture for long. */
    private static final int LOOK_MILLIS = 4_000;

    /** Every so many looks everybody gets a new one. */
    private static final int LOOKS = 5;

    /** Its audience asks for the last picture in the moment of the end: it is answered from memory. */
    private static final Duration AFTER_THE_END = Duration.ofMinutes(1);

    /** So old may be what is asked for as it is now. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    /** Pictures are made one after the other: who asks for one waits so long. */
    private static final Duration TURN = Duration.ofSeconds(3);

    private static final long RUNS = Long.MAX_VALUE;

    /** An address holds one picture, so that lists show the newest and caches may keep it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Thumbnail(
            long number, byte[] jpeg, @Nullable Palette palette) {
        String address(UUID broadcast) {
            return Thumbnails.address(broadcast, number);
        }
    }

    /** What is known of one broadcast. Only looks make pictures and see ends, one at a time; others take down. */
    private static final class Shown {
        private final UUID broadcast;
        private final String channel;
        private volatile @Nullable Thumbnail newest;
        private volatile boolean takenDown;
        private volatile long endedAt = RUNS;
        private volatile int age;
        private volatile Instant madeAt = Instant.EPOCH;
        private long made;
        private boolean kept;
        private boolean failed;

        Shown(UUID broadcast, String channel) {
            this.broadcast = broadcast;
            this.channel = channel;
        }

        /** @param at the {@link #age} when what it shows was there */
        void show(byte[] jpeg, int at, Instant now) {
            madeAt = now;
            newest = new Thumbnail(++made, jpeg, Palette.of(jpeg).orElse(null));
            // Taken down while this picture was made, or of a time that is not shown.
            if (takenDown || at != age) {
                newest = null;
            }
        }

        /** Shows no picture of the time before this. */
        synchronized void renew() {
            age++;
            newest = null;
        }

        /** Answers whether there was a picture. */
        boolean takeDown() {
            takenDown = true;
            boolean there = newest != null;
            newest = null;
            return there;
        }
    }

    private final ObjectProvider<Engine> engine;
    private final Ffmpeg ffmpeg;
    private final LastPictures last;
    private final Clock clock;
    private final ReentrantLock making = new ReentrantLock();
    private int look;

    /** Of all that run, and of those that ended a moment ago. */
    private final Map<UUID, Shown> shown = new ConcurrentHashMap<>();

    Thumbnails(ObjectProvider<Engine> engine, Ffmpeg ffmpeg, LastPictures last, Clock clock) {
        this.engine = engine;
        this.ffmpeg = ffmpeg;
        this.last = last;
        this.clock = clock;
    }

    static String address(UUID broadcast, long number) {
        return "/thumbnails/" + broadcast + "/" + number;
    }

    /** Where a broadcast's picture is; empty while there is none. */
    Optional<String> address(UUID broadcast) {
        return newest(broadcast).map(thumbnail -> thumbnail.address(broadcast));
    }

    /** Where the picture of a channel's broadcast is that ended a moment ago; empty where there is none. */
    Optional<String> addressOf(String channel) {
        return of(channel).stream()
                .filter(one -> one.newest != null)
                .max(Comparator.comparingLong(one -> one.endedAt))
                .flatMap(one -> address(one.broadcast));
    }

    /** The newest picture of a broadcast that runs, or ended a moment ago; empty while there is none. */
    Optional<Thumbnail> newest(UUID broadcast) {
        return Optional.ofNullable(shown.get(broadcast)).map(one -> one.newest);
    }

    /** The newest picture of a broadcast that runs or was its channel's last; empty where there is none. */
    public Optional<Thumbnail> newestOrLast(UUID broadcast) {
        Shown one = shown.get(broadcast);
        return one != null && one.takenDown
                ? Optional.empty()
                : newest(broadcast).or(() -> last.find(broadcast));
    }

    private List<Shown> of(String channel) {
        return shown.values().stream()
                .filter(one -> one.channel.equals(channel))
                .toList();
    }

    private Shown of(UUID broadcast, String channel) {
        Shown fresh = new Shown(broadcast, channel);
        Shown known = shown.putIfAbsent(broadcast, fresh);
        return known == null ? fresh : known;
    }

    /**
     * Shows nothing any more of what a channel broadcasts, nor of what it broadcast a moment ago, and keeps nothing of it.
     *
     * @param running its broadcast, which may be younger than the last look; null where none runs
     * @return whether there was a picture
     */
    boolean takeDown(String channel, @Nullable UUID running) {
        if (running != null) {
            of(running, channel);
        }
        boolean any = false;
        for (Shown one : of(channel)) {
            any |= one.takeDown();
        }
        return any;
    }

    /** Shows a running broadcast again that was taken down. */
    void putBack(UUID running) {
        Shown one = shown.get(running);
        if (one != null) {
            one.takenDown = false;
        }
    }

    /** Shows only what a channel broadcasts from now on, and nothing of what it broadcast a moment ago. */
    void renew(String channel) {
        forgetEnded(channel);
        of(channel).forEach(Shown::renew);
    }

    /** Shows nothing any more of what a channel broadcast a moment ago. */
    void forgetEnded(String channel) {
        of(channel).stream().filter(one -> one.endedAt != RUNS).forEach(Shown::takeDown);
    }

    /** At a fixed rate, because tasks with a fixed delay share one thread, and this one takes its time. */
    @Scheduled(fixedRate = LOOK_MILLIS, initialDelay = LOOK_MILLIS)
    void makeAll() throws InterruptedException {
        if (ffmpeg.available() && making.tryLock()) {
            try {
                List<LiveView> live = engine.getObject().live();
                make(live, look++ % LOOKS == 0);
                // Asks the database: what runs has its pictures by now, however long this takes.
                settle(live.stream().map(LiveView::broadcastId).collect(Collectors.toSet()));
            } finally {
                making.unlock();
            }
        }
    }

    /** @param all also those who have one */
    private void make(List<LiveView> live, boolean all) throws InterruptedException {
        for (LiveView view : live) {
            Shown one = of(view.broadcastId(), view.channel());
            boolean due = (all || one.newest == null) && !one.takenDown;
            if (due && view.state() == LiveState.LIVE && view.video() != null) {
                int age = one.age;
                Optional<byte[]> keyFrame = engine.getObject().newestKeyFrame(view.channel());
                Optional<byte[]> jpeg = keyFrame.isEmpty() ? Optional.empty() : ffmpeg.picture(keyFrame.get());
                jpeg.ifPresent(made -> one.show(made, age, clock.instant()));
            }
        }
    }

    /** What a running broadcast shows now: at most {@link #FRESH} old where one can be made in time. Empty where there is none. */
    Optional<Broadcasting.Snapshot> snapshot(LiveView view) throws InterruptedException {
        Shown one = of(view.broadcastId(), view.channel());
        if (stale(one) && ffmpeg.available() && making.tryLock(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                // Others may have waited for the same.
                if (stale(one)) {
                    make(List.of(view), true);
                }
            } finally {
                making.unlock();
            }
        }
        Thumbnail newest = one.newest;
        return newest == null || one.takenDown
                ? Optional.empty()
                : Optional.of(new Broadcasting.Snapshot(newest.jpeg(), one.madeAt));
    }

    private boolean stale(Shown one) {
        return !one.takenDown && one.madeAt.plus(FRESH).isBefore(clock.instant());
    }

    /** As a look does when it has made a picture. */
    void show(UUID broadcast, String channel, byte[] jpeg) {
        Shown one = of(broadcast, channel);
        one.show(jpeg, one.age, clock.instant());
    }

    /** Keeps the last pictures of what runs no more, the oldest first: a channel's newest broadcast is the one that stays. */
    void settle(Set<UUID> running) {
        long now = clock.millis();
        for (Shown one : shown.values()) {
            if (running.contains(one.broadcast)) {
                one.endedAt = RUNS;
            } else if (one.endedAt == RUNS) {
                one.endedAt = now;
            }
        }
        List<Shown> ended = shown.values().stream()
                .filter(one -> one.endedAt != RUNS)
                .sorted(Comparator.comparingLong(one -> one.endedAt))
                .toList();
        boolean away = false;
        for (Shown one : ended) {
            // Each question to a database that is away takes its time: the others are asked for another time.
            away = away || !keep(one);
            if (now - one.endedAt >= AFTER_THE_END.toMillis()) {
                shown.remove(one.broadcast);
            }
        }
    }

    /**
     * One that cannot be kept now is kept at one of the next looks, or never.
     *
     * @return false where the database is away
     */
    private boolean keep(Shown one) {
        Thumbnail newest = one.newest;
        if (newest == null || one.takenDown || one.kept) {
            return true;
        }
        try {
            one.kept = last.keep(one.broadcast, newest);
            if (!one.kept) {
                one.takeDown();
            }
            return true;
        } catch (DataAccessException | TransactionException failed) {
            if (!one.failed) {
                one.failed = true;
                LOG.warn("The last picture of {} is not kept yet: {}", one.channel, failed.getMessage());
            }
            return !(failed instanceof DataAccessResourceFailureException || failed instanceof TransactionException);
        }
    }

    /** What runs now ends with this process. */
    @Override
    public void destroy() {
        making.lock();
        try {
            settle(Set.of());
        } finally {
            making.unlock();
        }
    }
}
