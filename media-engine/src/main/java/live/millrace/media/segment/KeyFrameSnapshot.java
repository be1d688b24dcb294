// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.container.mp4.StillPicture;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.Subscriber;
import org.jspecify.annotations.Nullable;

/** The newest key frame of a stream as a fragmented MP4 of one picture: for a still image of it. */
public final class KeyFrameSnapshot implements Subscriber {
    private byte @Nullable [] file;

    private KeyFrameSnapshot() {}

    /** Takes one; empty when the stream has no key frame at hand. Completes on the stream's thread. */
    public static CompletableFuture<Optional<byte[]>> of(LiveStream stream) {
        CompletableFuture<Optional<byte[]>> taken = new CompletableFuture<>();
        stream.onOwner(() -> {
            KeyFrameSnapshot snapshot = new KeyFrameSnapshot();
            stream.subscribe(snapshot);
            stream.leave(snapshot);
            taken.complete(Optional.ofNullable(snapshot.file));
        });
        return taken;
    }

    @Override
    public void tracks(List<Track> tracks) {
        // the frame brings its own
    }

    @Override
    public void frame(MediaFrame frame) {
        if (file != null || frame.track().id() != Track.VIDEO || !frame.randomAccessPoint()) {
            return;
        }
        file = StillPicture.of(frame);
    }

    @Override
    public void paused() {}

    @Override
    public void ended() {}

    /** A picture of a stream is not worth a camera's connection. */
    @Override
    public boolean takes() {
        return false;
    }
}
