// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;

/**
 * Pictures of running streams, one after the other, so that many streams make them older and never the machine slower. They live in
 * memory and go with the broadcast.
 */
@Controller
@RequestMapping("/thumbnails")
class Thumbnails {
    private static final int EVERY_MILLIS = 20_000;

    /** An address holds one picture, so that lists show the newest and caches may keep it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Thumbnail(long number, byte[] jpeg) {}

    private final ObjectProvider<Engine> engine;
    private final Ffmpeg ffmpeg;
    private final ReentrantLock making = new ReentrantLock();
    private final Map<UUID, Thumbnail> thumbnails = new ConcurrentHashMap<>();

    Thumbnails(ObjectProvider<Engine> engine, Ffmpeg ffmpeg) {
        this.engine = engine;
        this.ffmpeg = ffmpeg;
    }

    /** Where a broadcast's picture is; empty while there is none. */
    Optional<String> address(UUID broadcast) {
        return Optional.ofNullable(thumbnails.get(broadcast))
                .map(thumbnail -> "/thumbnails/" + broadcast + "/" + thumbnail.number());
    }

    Optional<byte[]> picture(UUID broadcast) {
        return Optional.ofNullable(thumbnails.get(broadcast)).map(Thumbnail::jpeg);
    }

    /** At a fixed rate, because tasks with a fixed delay share one thread, and this one takes its time. */
    @Scheduled(fixedRate = EVERY_MILLIS, initialDelay = EVERY_MILLIS / 4)
    void makeAll() throws InterruptedException {
        if (ffmpeg.available() && making.tryLock()) {
            try {
                make();
            } finally {
                making.unlock();
            }
        }
    }

    private void make() throws InterruptedException {
        java.util.List<LiveView> live = engine.getObject().live();
        thumbnails.keySet().retainAll(live.stream().map(LiveView::broadcastId).collect(Collectors.toSet()));
        for (LiveView view : live) {
            if (view.state() == LiveState.LIVE && view.video() != null) {
                Optional<byte[]> keyFrame = engine.getObject().newestKeyFrame(view.channel());
                Optional<byte[]> jpeg = keyFrame.isEmpty() ? Optional.empty() : ffmpeg.picture(keyFrame.get());
                jpeg.ifPresent(picture -> thumbnails.merge(
                        view.broadcastId(),
                        new Thumbnail(1, picture),
                        (before, _) -> new Thumbnail(before.number() + 1, picture)));
            }
        }
    }

    @GetMapping("/{broadcast}/{number}")
    @ResponseBody
    ResponseEntity<byte[]> thumbnail(@PathVariable UUID broadcast, @PathVariable long number) {
        Thumbnail found = thumbnails.get(broadcast);
        if (found == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_JPEG)
                .cacheControl(CacheControl.maxAge(Duration.ofMinutes(number == found.number() ? 2 : 0))
                        .cachePublic())
                .body(found.jpeg());
    }
}
