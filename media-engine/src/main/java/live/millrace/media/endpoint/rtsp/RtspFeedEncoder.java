// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import live.millrace.media.fanout.FeedEncoder;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtp.payload.Packetizer;
import live.millrace.media.protocol.rtp.payload.PayloadFormats;
import live.millrace.media.protocol.rtp.payload.RtpTrackWriter;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.rtsp.RtspWriter;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * Frames to RTP packets between messages: the track of place n on the channels 2n and 2n + 1, small enough for UDP. So one encoding is for all
 * players, whatever they asked for; {@link RtspPlayout} makes the rest.
 *
 * <p>Sender reports of all tracks, for one instant, stand in front of each random access point, so that they are the
 * first that every player gets, and wherever {@value #REPORT_SECONDS} s went by without; of sound alone, where players join. Their clock is that of the stream when its line began, and runs as its media does: players
 * take pictures to where a report says that they are, and would jump with every correction of a clock on the wall. When the tracks become others than were
 * described, players are told goodbye: what they know of the stream is of no use any more.
 */
final class RtspFeedEncoder implements FeedEncoder {
    private static final long REPORT_SECONDS = 5;

    /** As often as feeds let viewers join at sound alone. */
    private static final long SOUND_ALONE_SECONDS = 1;

    private static final String CANONICAL_NAME = "millrace";

    private final PlayedTracks described;
    private final LongUnaryOperator wallClock;
    private final int[] sources;
    private final long[] firstTimestamps;

    /** By place; null where the stream has no such track now. */
    private final @Nullable RtpTrackWriter[] writers;

    private final int[] sequenceNumbers;
    private long reportMillis = TimeUnit.SECONDS.toMillis(REPORT_SECONDS);
    private boolean silent;
    private boolean said;
    private long reportedMillis;
    private boolean due;

    /** From media time to the reports' clock, in ms; known with the first report of a line. */
    private long toEpoch;

    private boolean begun;

    /**
     * An encoder for those who were described these tracks.
     *
     * @param wallClock the instant, in ms since 1970, at which media of a time in ms was made; asked on the stream's thread
     */
    RtspFeedEncoder(PlayedTracks described, LongUnaryOperator wallClock) {
        this.described = described;
        this.wallClock = wallClock;
        int count = described.all().size();
        this.sources = new int[count];
        this.firstTimestamps = new long[count];
        this.sequenceNumbers = new int[count];
        this.writers = new @Nullable RtpTrackWriter[count];
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < count; i++) {
            sources[i] = random.nextInt();
            firstTimestamps[i] = random.nextInt() & 0xFFFF_FFFFL;
            sequenceNumbers[i] = random.nextInt() & 0xFFFF;
        }
    }

    @Override
    public void tracks(List<Track> tracks) {
        for (int i = 0; i < writers.length; i++) {
            RtpTrackWriter before = writers[i];
            if (before != null) {
                sequenceNumbers[i] = before.nextSequenceNumber();
            }
            writers[i] = null;
        }
        PlayedTracks now = PlayedTracks.of(tracks);
        silent = !now.words().equals(described.words());
        if (silent) {
            return;
        }
        said = false;
        begun = false;
        due = true;
        reportMillis = TimeUnit.SECONDS.toMillis(
                tracks.stream().anyMatch(Track::isVideo) ? REPORT_SECONDS : SOUND_ALONE_SECONDS);
        for (Track track : tracks) {
            int place = described.place(track.id());
            if (place >= 0) {
                Packetizer packetizer =
                        PayloadFormats.packetizer(track.format()).orElseThrow();
                writers[place] = new RtpTrackWriter(
                        packetizer,
                        described.all().get(place).format().payloadType(),
                        sources[place],
                        sequenceNumbers[place],
                        firstTimestamps[place],
                        RtpTrackWriter.USUAL_PAYLOAD,
                        PooledByteBufAllocator.DEFAULT);
            }
        }
    }

    @Override
    public void header(ByteBuf out) {
        // the description was the header
    }

    @Override
    public void configuration(ByteBuf out) {
        if (silent) {
            goodbye(out);
        }
    }

    @Override
    public void frame(MediaFrame frame, ByteBuf out) {
        int place = described.place(frame.track().id());
        RtpTrackWriter writer = place < 0 ? null : writers[place];
        if (silent || writer == null) {
            return;
        }
        long millis = Timescale.convert(frame.presentationTime(), frame.track().timescale(), Timescale.MILLIS);
        boolean start = frame.track().isVideo() && frame.randomAccessPoint();
        if (start || due || Math.abs(millis - reportedMillis) >= reportMillis) {
            due = false;
            reportedMillis = millis;
            reports(millis, out);
        }
        int channel = 2 * place;
        writer.write(frame, packet -> {
            try {
                RtspWriter.writeFrameHeader(channel, packet.readableBytes(), out);
                out.writeBytes(packet);
            } finally {
                packet.release();
            }
        });
    }

    /** They were described other tracks, and have to ask again. */
    @Override
    public boolean isOver() {
        return silent;
    }

    /** RFC 3550 §6.4.1: the same instant on every clock. */
    private void reports(long millis, ByteBuf out) {
        if (!begun) {
            begun = true;
            toEpoch = wallClock.applyAsLong(millis) - millis;
        }
        for (int i = 0; i < writers.length; i++) {
            RtpTrackWriter writer = writers[i];
            if (writer != null) {
                RtcpPacket.SenderReport report = writer.report(toEpoch + millis, millis, Timescale.MILLIS);
                compound(i, List.of(report, name(i)), out);
            }
        }
    }

    private RtcpPacket name(int place) {
        return new RtcpPacket.SourceDescription(
                List.of(new RtcpPacket.SourceDescription.Chunk(sources[place], CANONICAL_NAME)));
    }

    /** Whoever joins behind the pause joins at its first frame. */
    @Override
    public void paused(ByteBuf out) {
        due = true;
    }

    private static void compound(int place, List<RtcpPacket> packets, ByteBuf out) {
        int start = out.writerIndex();
        RtspWriter.writeFrameHeader(2 * place + 1, 0, out);
        RtcpCompound.write(packets, out);
        out.setShort(start + 2, out.writerIndex() - start - RtspWriter.FRAME_HEADER);
    }

    private void goodbye(ByteBuf out) {
        if (said) {
            return;
        }
        said = true;
        for (int i = 0; i < sources.length; i++) {
            List<RtcpPacket> packets = new ArrayList<>();
            packets.add(new RtcpPacket.ReceiverReport(sources[i], List.of()));
            packets.add(name(i));
            packets.add(new RtcpPacket.Goodbye(List.of(sources[i])));
            compound(i, packets, out);
        }
    }

    @Override
    public void ended(ByteBuf out) {
        goodbye(out);
    }
}
