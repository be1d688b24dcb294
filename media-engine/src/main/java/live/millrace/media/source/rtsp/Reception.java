// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtp.rtcp.SessionClock;
import live.millrace.media.protocol.rtsp.RtpInfo;
import live.millrace.media.protocol.rtsp.RtspWriter;
import live.millrace.media.protocol.rtsp.TransportHeader;
import live.millrace.media.source.SourceProtocol;
import org.jspecify.annotations.Nullable;

/** The media of one conversation: where the packets of each track come in, and what is reported of them. Confined to its event loop. */
final class Reception {
    /** Some cameras stop without reports (Dahua, after 60 s). */
    static final long REPORT_SECONDS = 5;

    static final long EXPIRE_MILLIS = 50;

    private final Channel channel;
    private final SourceProtocol.Request request;
    private final SessionClock clock = new SessionClock(System.nanoTime());
    private final Sink sink;
    private final int ssrc = ThreadLocalRandom.current().nextInt();
    private final List<Incoming> tracks = new ArrayList<>();

    private String uri;
    private boolean expected;
    private boolean playing;
    private long playingSince;
    private boolean heard;
    private long lastHeard;
    private boolean over;

    Reception(Channel channel, SourceProtocol.Request request, SourceProtocol.Listener listener) {
        this.channel = channel;
        this.request = request;
        this.sink = new Sink(listener);
        this.uri = request.address().uri().toASCIIString();
    }

    /** Passes on what is made of packets, for as long as anybody listens. */
    private final class Sink implements FrameSink {
        private final FrameSink to;
        private boolean had;

        Sink(FrameSink to) {
            this.to = to;
        }

        @Override
        public void track(Track track) {
            if (!over) {
                to.track(track);
            }
        }

        @Override
        public void frame(MediaFrame frame) {
            had = true;
            if (!over) {
                to.frame(frame);
            }
        }

        @Override
        public void repaired(Repair repair) {
            if (!over) {
                to.repaired(repair);
            }
        }

        @Override
        public void leftOut(LeftOut part) {
            if (!over) {
                to.leftOut(part);
            }
        }
    }

    /** A track, and where its packets come in. */
    final class Incoming {
        private final FetchedTrack track;
        private final boolean overDatagrams;
        private TransportHeader.@Nullable Pair channels;
        private @Nullable DatagramPair ports;

        private Incoming(FetchedTrack track, boolean overDatagrams) {
            this.track = track;
            this.overDatagrams = overDatagrams;
        }

        String uri() {
            return track.uri();
        }

        /** Between the messages of the connection. */
        void comesOn(TransportHeader.Pair pair) {
            channels = pair;
        }

        /** To two ports of ours; answers the first, or −1. */
        void bind(IntConsumer then) {
            DatagramPair pair = new DatagramPair(
                    request, ((InetSocketAddress) channel.localAddress()).getAddress(), packet -> take(this, packet));
            ports = pair;
            pair.bind(then);
        }

        /** From two ports of theirs. */
        void goesTo(TransportHeader.Pair theirs) {
            DatagramPair pair = ports;
            if (pair != null) {
                pair.punch(theirs, written(0));
            }
        }

        private ByteBuf written(int before) {
            ByteBuf out = channel.alloc().buffer();
            out.writeZero(before);
            track.writeReport(System.nanoTime(), out);
            return out;
        }

        private void report() {
            DatagramPair pair = ports;
            TransportHeader.Pair on = channels;
            if (pair != null) {
                pair.report(written(0));
            } else if (on != null && channel.isWritable()) {
                ByteBuf out = written(RtspWriter.FRAME_HEADER);
                int length = out.readableBytes() - RtspWriter.FRAME_HEADER;
                int end = out.writerIndex();
                out.writerIndex(0);
                RtspWriter.writeFrameHeader(on.rtcp(), length, out);
                out.writerIndex(end);
                var _ = channel.writeAndFlush(out);
            }
        }

        private void release() {
            DatagramPair pair = ports;
            if (pair != null) {
                pair.close();
            }
            track.release();
        }
    }

    // ---- set up ---------------------------------------------------------------------------------------------------

    /** The address of all tracks together. */
    void playFrom(String aggregate) {
        uri = aggregate;
    }

    String uri() {
        return uri;
    }

    Incoming add(OfferedTrack offered, String trackUri, boolean datagrams) {
        Incoming incoming = new Incoming(new FetchedTrack(offered, trackUri, clock, sink, datagrams, ssrc), datagrams);
        tracks.add(incoming);
        return incoming;
    }

    void remove(Incoming incoming) {
        tracks.remove(incoming);
        incoming.release();
    }

    /** Media may come from now on, before the answer that it will. */
    void expect() {
        expected = true;
        playingSince = System.nanoTime();
    }

    void starts(List<RtpInfo> infos) {
        for (RtpInfo info : infos) {
            tracks.stream()
                    .map(incoming -> incoming.track)
                    .filter(track -> !track.heard() && isOf(info.url(), track.uri()))
                    .findFirst()
                    .ifPresent(track -> info.rtpTime().ifPresent(track::startsAt));
        }
    }

    /** Some name the track in full, others by its end. */
    private static boolean isOf(String said, String trackUri) {
        return !said.isEmpty() && (trackUri.endsWith(said) || said.endsWith(trackUri));
    }

    void plays() {
        playing = true;
        playingSince = System.nanoTime();
    }

    // ---- packets --------------------------------------------------------------------------------------------------

    /** @param packet borrowed */
    void interleaved(int on, ByteBuf packet) {
        for (int i = 0; i < tracks.size(); i++) {
            TransportHeader.Pair pair = tracks.get(i).channels;
            if (pair != null && (pair.rtp() == on || pair.rtcp() == on)) {
                take(tracks.get(i), packet);
                return;
            }
        }
    }

    private void take(Incoming incoming, ByteBuf packet) {
        if (!expected || over) {
            return;
        }
        long now = System.nanoTime();
        if (incoming.track.take(packet, now)) {
            heard = true;
            lastHeard = now;
        }
    }

    void expire() {
        long now = System.nanoTime();
        // What comes of it may end the conversation, and the list with it.
        List.copyOf(tracks).forEach(incoming -> incoming.track.expire(now));
    }

    void report() {
        tracks.forEach(Incoming::report);
    }

    // ---- how it goes ----------------------------------------------------------------------------------------------

    boolean playing() {
        return playing;
    }

    /** By {@link System#nanoTime}. */
    long playingSince() {
        return playingSince;
    }

    boolean overDatagrams() {
        return tracks.stream().anyMatch(incoming -> incoming.overDatagrams);
    }

    /** A packet of media came. */
    boolean heard() {
        return heard;
    }

    /** When the last one did, by {@link System#nanoTime}. */
    long lastHeard() {
        return lastHeard;
    }

    /** A frame was made of them. */
    boolean hadFrame() {
        return sink.had;
    }

    /** Lets go of everything; nothing is passed on any more. */
    void release() {
        over = true;
        List<Incoming> all = List.copyOf(tracks);
        tracks.clear();
        all.forEach(Incoming::release);
    }
}
