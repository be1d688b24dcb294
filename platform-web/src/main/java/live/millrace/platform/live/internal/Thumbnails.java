// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.picture.Palette;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Pictures of running streams, one after the other, so that many streams make them older and never the machine slower. They live in
 * memory and go with the broadcast.
 */
@Component
public class Thumbnails {
    /** A broadcast that begins is not without a picture for long. */
    private static final int LOOK_MILLIS = 4_000;

    /** Every so many looks everybody gets a new one. */
    private static final int LOOKS = 5;

    /** An address holds one picture, so that lists show the newest and caches may keep it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Thumbnail(
            long number, byte[] jpeg, @Nullable Palette palette) {
        String address(UUID broadcast) {
            return "/thumbnails/" + broadcast + "/" + number;
        }
    }

    private final ObjectProvider<Engine> engine;
    private final Ffmpeg ffmpeg;
    private final ReentrantLock making = new ReentrantLock();
    private int look;
    private final Map<UUID, Thumbnail> thumbnails = new ConcurrentHashMap<>();

    Thumbnails(ObjectProvider<Engine> engine, Ffmpeg ffmpeg) {
        this.engine = engine;
        this.ffmpeg = ffmpeg;
    }

    /** Where a broadcast's picture is; empty while there is none. */
    Optional<String> address(UUID broadcast) {
        return Optional.ofNullable(thumbnails.get(broadcast)).map(thumbnail -> thumbnail.address(broadcast));
    }

    /** The newest picture; empty while there is none. */
    public Optional<Thumbnail> newest(UUID broadcast) {
        return Optional.ofNullable(thumbnails.get(broadcast));
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
        thumbnails.keySet().retainAll(live.stream().map(LiveView::broadcastId).collect(Collectors.toSet()));
        for (LiveView view : live) {
            boolean due = all || !thumbnails.containsKey(view.broadcastId());
            if (due && view.state() == LiveState.LIVE && view.video() != null) {
                Optional<byte[]> keyFrame = engine.getObject().newestKeyFrame(view.channel());
                Optional<byte[]> jpeg = keyFrame.isEmpty() ? Optional.empty() : ffmpeg.picture(keyFrame.get());
                jpeg.ifPresent(picture -> {
                    Palette palette = Palette.of(picture).orElse(null);
                    thumbnails.merge(
                            view.broadcastId(),
                            new Thumbnail(1, picture, palette),
                            (before, _) -> new Thumbnail(before.number() + 1, picture, palette));
                });
            }
        }
    }
}
