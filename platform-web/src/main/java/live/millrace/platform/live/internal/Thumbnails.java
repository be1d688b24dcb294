// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.picture.Palette;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Pictures of running streams, one after the other, so that many streams make them older and never the machine slower. They live in
 * memory; the last of a broadcast is kept when it is over.
 */
@Component
public class Thumbnails implements DisposableBean {
    /** A broadcast that begins is not without a picture for long. */
    private static final int LOOK_MILLIS = 4_000;

    /** Every so many looks everybody gets a new one. */
    private static final int LOOKS = 5;

    /** An address holds one picture, so that lists show the newest and caches may keep it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Thumbnail(
            long number, byte[] jpeg, @Nullable Palette palette) {
        String address(UUID broadcast) {
            return Thumbnails.address(broadcast, number);
        }
    }

    private final ObjectProvider<Engine> engine;
    private final Ffmpeg ffmpeg;
    private final LastPictures last;
    private final ReentrantLock making = new ReentrantLock();
    private int look;
    private final Map<UUID, Thumbnail> thumbnails = new ConcurrentHashMap<>();

    /** Of running broadcasts that staff take off the air: they get no picture any more. */
    private final Set<UUID> takenDown = ConcurrentHashMap.newKeySet();

    Thumbnails(ObjectProvider<Engine> engine, Ffmpeg ffmpeg, LastPictures last) {
        this.engine = engine;
        this.ffmpeg = ffmpeg;
        this.last = last;
    }

    static String address(UUID broadcast, long number) {
        return "/thumbnails/" + broadcast + "/" + number;
    }

    /** Where a broadcast's picture is; empty while there is none. */
    Optional<String> address(UUID broadcast) {
        return Optional.ofNullable(thumbnails.get(broadcast)).map(thumbnail -> thumbnail.address(broadcast));
    }

    /** The newest picture of a running broadcast; empty while there is none. */
    Optional<Thumbnail> newest(UUID broadcast) {
        return Optional.ofNullable(thumbnails.get(broadcast));
    }

    /** The newest picture of a broadcast that runs or was its channel's last; empty where there is none. */
    public Optional<Thumbnail> newestOrLast(UUID broadcast) {
        return newest(broadcast).or(() -> takenDown.contains(broadcast) ? Optional.empty() : last.find(broadcast));
    }

    /** Shows a running broadcast no more, and keeps nothing of it. */
    void takeDown(UUID broadcast) {
        takenDown.add(broadcast);
        thumbnails.remove(broadcast);
    }

    /** At a fixed rate, because tasks with a fixed delay share one thread, and this one takes its time. */
    @Scheduled(fixedRate = LOOK_MILLIS, initialDelay = LOOK_MILLIS)
    void makeAll() throws InterruptedException {
        if (ffmpeg.available() && making.tryLock()) {
            try {
                make(look++ % LOOKS == 0);
            } finally {
                making.unlock();
            }
        }
    }

    /** @param all also those who have one */
    private void make(boolean all) throws InterruptedException {
        List<LiveView> live = engine.getObject().live();
        Set<UUID> running = live.stream().map(LiveView::broadcastId).collect(Collectors.toSet());
        keepAllBut(running);
        takenDown.retainAll(running);
        for (LiveView view : live) {
            boolean due =
                    (all || !thumbnails.containsKey(view.broadcastId())) && !takenDown.contains(view.broadcastId());
            if (due && view.state() == LiveState.LIVE && view.video() != null) {
                Optional<byte[]> keyFrame = engine.getObject().newestKeyFrame(view.channel());
                Optional<byte[]> jpeg = keyFrame.isEmpty() ? Optional.empty() : ffmpeg.picture(keyFrame.get());
                jpeg.ifPresent(picture -> {
                    Palette palette = Palette.of(picture).orElse(null);
                    thumbnails.merge(
                            view.broadcastId(),
                            new Thumbnail(1, picture, palette),
                            (before, _) -> new Thumbnail(before.number() + 1, picture, palette));
                    // Taken down while this picture was made.
                    if (takenDown.contains(view.broadcastId())) {
                        thumbnails.remove(view.broadcastId());
                    }
                });
            }
        }
    }

    /** One that cannot be kept now, because the database is away, is kept at the next look. */
    private void keepAllBut(Set<UUID> running) {
        thumbnails.forEach((broadcast, thumbnail) -> {
            if (!running.contains(broadcast)) {
                last.keep(broadcast, thumbnail);
                thumbnails.remove(broadcast);
            }
        });
    }

    /** What runs now ends with this process. */
    @Override
    public void destroy() {
        making.lock();
        try {
            keepAllBut(Set.of());
        } finally {
            making.unlock();
        }
    }
}
