// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import live.millrace.media.protocol.webrtc.MediaSource;
import live.millrace.media.sound.Converters;
import org.jspecify.annotations.Nullable;

/** One stream as it goes to viewers, from the first who asks for it to the last who leaves. Confined to the event loop of the port. */
final class SentStream implements StreamPackets.Taker {
    /** Of all of our sources: they are in step. */
    static final String CANONICAL_NAME = "millrace";

    /** Whoever joins, or lost too much, wants a picture that needs no other; for all of them together not more often. */
    private static final long PICTURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Somebody who watches it, or wants to. */
    interface Viewer {
        /** It is known what the stream is of, or has become something else. */
        void known();

        /** Packets came, or a place is free for those that did. */
        void more(long now);

        /** Nothing comes any more. */
        void over();
    }

    private final LiveStream stream;
    private final WebrtcPort port;
    private final StreamPackets packets;
    private final Runnable pictureWanted;
    private final Runnable forget;
    private final MediaSource picture = source();
    private final MediaSource sound = source();
    private final PacketLog log = new PacketLog();
    private final List<Viewer> viewers = new ArrayList<>();

    private Optional<PayloadFormat> pictures = Optional.empty();
    private Optional<PayloadFormat> sounds = Optional.empty();
    private StreamPackets.@Nullable Clock clock;
    private long askedAt = System.nanoTime() - PICTURE_NANOS;
    private boolean wanted;
    private boolean known;
    private boolean reordered;
    private boolean unheard;
    private boolean over;

    /**
     * Nobody watches yet.
     *
     * @param pictureWanted asks the publisher for a picture that needs no other, if it can be asked
     * @param forget run at the end
     */
    SentStream(LiveStream stream, WebrtcPort port, Converters converters, Runnable pictureWanted, Runnable forget) {
        this.stream = stream;
        this.port = port;
        this.pictureWanted = pictureWanted;
        this.forget = forget;
        this.packets = new StreamPackets(
                stream, picture.ssrc(), sound.ssrc(), converters, port.socket().eventLoop(), this);
    }

    private static MediaSource source() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new MediaSource(random.nextInt(), random.nextInt(), CANONICAL_NAME, CANONICAL_NAME);
    }

    // ---- viewers ----------------------------------------------------------------------------------------------

    /** Takes somebody in, who is told when it is known what the stream is of. */
    void enter(Viewer viewer) {
        viewers.add(viewer);
        if (viewers.size() == 1) {
            stream.onOwner(packets::subscribe);
        } else if (known) {
            viewer.known();
        }
    }

    /** Somebody has left; behind the last the stream is left too. */
    void leave(Viewer viewer) {
        if (viewers.remove(viewer) && viewers.isEmpty()) {
            close();
        }
    }

    private void close() {
        if (!over) {
            over = true;
            stream.leave(packets);
            stream.onOwner(packets::close);
            forget.run();
            log.release();
        }
    }

    /** What is known of the pictures; empty when there are none that can be sent. */
    Optional<PayloadFormat> pictures() {
        return pictures;
    }

    /** The same of the sound. */
    Optional<PayloadFormat> sounds() {
        return sounds;
    }

    /** Whether the pictures come in another order than they are shown in. */
    boolean isReordered() {
        return reordered;
    }

    /** Whether there is sound that cannot be sent. */
    boolean isUnheard() {
        return unheard;
    }

    PacketLog log() {
        return log;
    }

    /** One instant on the clocks of its sources; null before it is known. */
    StreamPackets.@Nullable Clock clock() {
        return clock;
    }

    /** What a medium of an offer is sent as. */
    AgreedMedia sent(AgreedMedia agreed) {
        return agreed.format().isEmpty() ? agreed : agreed.as(agreed.video() ? picture : sound);
    }

    /** Whether packets of what was agreed upon are still made, or might be again. */
    boolean goesOnAs(AgreedMedia agreed) {
        Optional<PayloadFormat> now = agreed.video() ? pictures : sounds;
        return agreed.format().isEmpty()
                || now.isEmpty()
                || now.get().isCalled(agreed.format().get().encoding());
    }

    /** A picture is wanted that needs no other; asked for now, or in a moment if that was done a moment ago and none comes till then. */
    void wantPicture(long now) {
        wanted = true;
        ask(now);
    }

    /** Some time has passed. */
    void ask(long now) {
        if (wanted && now - askedAt >= PICTURE_NANOS) {
            wanted = false;
            askedAt = now;
            pictureWanted.run();
        }
    }

    // ---- what is made -----------------------------------------------------------------------------------------

    @Override
    public void tracks(Optional<PayloadFormat> picturesNow, Optional<PayloadFormat> soundsNow, boolean unheardNow) {
        pictures = picturesNow;
        sounds = soundsNow;
        unheard = unheardNow;
    }

    @Override
    public void caughtUp() {
        known = true;
        tell(Viewer::known);
    }

    @Override
    public void packets(List<StreamPackets.Made> made, StreamPackets.@Nullable Clock now) {
        if (over) {
            Releasing.all(made, each -> each.packet().release());
            return;
        }
        clock = now == null ? clock : now;
        Releasing.handOver(
                made,
                each -> log.add(each.packet(), each.picture(), each.start()),
                each -> each.packet().release());
        wanted &= made.stream().noneMatch(StreamPackets.Made::start);
        long time = System.nanoTime();
        tell(viewer -> viewer.more(time));
        port.flush();
    }

    @Override
    public void reordered() {
        reordered = true;
        log.closeJoin();
        if (known) {
            tell(Viewer::known);
        }
    }

    @Override
    public void cut() {
        log.closeJoin();
    }

    @Override
    public void ended() {
        tell(Viewer::over);
    }

    private void tell(Consumer<Viewer> news) {
        List.copyOf(viewers).forEach(news);
    }
}
