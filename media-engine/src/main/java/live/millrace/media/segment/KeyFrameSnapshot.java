// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import live.millrace.media.container.mp4.StillPicture;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.Demand;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamLocator;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.Subscriber;

/** The newest key frame of a stream as a fragmented MP4 of one picture: for a still image of it. */
public final class KeyFrameSnapshot implements Subscriber {
    private static final long MOMENT_SECONDS = 2;

    private final CompletableFuture<Optional<byte[]>> taken = new CompletableFuture<>();
    private final boolean takes;

    private KeyFrameSnapshot(boolean takes) {
        this.takes = takes;
    }

    /** Takes one; empty when the stream has no key frame at hand. Blocks for the stream's thread, for a moment at most. */
    public static Optional<byte[]> newest(LiveStream stream) {
        try {
            return atHand(stream).get(MOMENT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    private static CompletableFuture<Optional<byte[]>> atHand(LiveStream stream) {
        KeyFrameSnapshot snapshot = new KeyFrameSnapshot(false);
        stream.onOwner(() -> {
            stream.subscribe(snapshot);
            stream.leave(snapshot);
            snapshot.taken.complete(Optional.empty());
        });
        return snapshot.taken;
    }

    /**
     * Takes one as soon as there is one, as a viewer would: a source that can bring the stream is started, and goes on for it. Empty when
     * there is none within the time, or the stream ends. Completes on any thread.
     */
    public static CompletionStage<Optional<byte[]>> awaited(StreamLocator locator, StreamPath path, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        return locator.locate(path, Demand.NOW)
                .toCompletableFuture()
                .copy()
                .completeOnTimeout(new StreamLocator.Location.Offline(), patience.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(location -> location.here()
                        .map(stream -> awaited(stream, Duration.ofNanos(Math.max(1, end - System.nanoTime()))))
                        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty())));
    }

    private static CompletableFuture<Optional<byte[]>> awaited(LiveStream stream, Duration patience) {
        KeyFrameSnapshot snapshot = new KeyFrameSnapshot(true);
        stream.onOwner(() -> stream.subscribe(snapshot));
        return snapshot.taken
                .completeOnTimeout(Optional.empty(), patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((_, _) -> stream.leave(snapshot));
    }

    @Override
    public void tracks(List<Track> tracks) {
        // the frame brings its own
    }

    @Override
    public void frame(MediaFrame frame) {
        if (!taken.isDone() && frame.track().id() == Track.VIDEO && frame.randomAccessPoint()) {
            taken.complete(Optional.of(StillPicture.of(frame)));
        }
    }

    @Override
    public void paused() {}

    @Override
    public void ended() {
        taken.complete(Optional.empty());
    }

    /** A picture that happens to be there is not worth a camera's connection; one that is awaited is. */
    @Override
    public boolean takes() {
        return takes;
    }
}
