// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.container.mp4.FragmentWriter;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.container.mp4.Sample;
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
        ByteBuf out = Unpooled.buffer(frame.payload().readableBytes() + 2_048);
        InitializationSection.write(List.of(frame.track()), out);
        FragmentWriter.write(
                1, frame.track(), 0, List.of(new Sample(frame.track().timescale(), 0, true, frame.payload())), out);
        file = ByteBufUtil.getBytes(out);
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
