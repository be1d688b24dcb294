// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.container.flv.FlvMuxer;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;

/** What sound is made of what: stereo of 48 kHz in each. */
public enum Recipe {
    /** For viewers by WebRTC, where browsers play this: of what encoders send by RTMP. */
    OPUS(
            new Opus.Format(OpusHead.STEREO),
            "flv",
            "-c:a",
            "libopus",
            "-b:a",
            "96k",
            "-compression_level",
            "5",
            "-frame_duration",
            "20") {
        @Override
        boolean takes(TrackFormat format) {
            return format instanceof Aac.Format || format instanceof Mp3.Format;
        }

        @Override
        Input input(Track of) {
            return new FlvInput(of);
        }
    },

    /** For players that know nothing newer: of what browsers send. */
    AAC(
            new Aac.Format(AudioSpecificConfig.parse(
                    Unpooled.wrappedBuffer(HexFormat.of().parseHex("1190")))),
            "mpegts",
            "-c:a",
            "aac",
            "-b:a",
            "128k") {
        @Override
        boolean takes(TrackFormat format) {
            return format instanceof Opus.Format && TsMuxer.carries(format);
        }

        @Override
        Input input(Track of) {
            return new TsInput(of);
        }
    };

    /** What a child is handed begins here, so that what an encoder puts before the first sample is not before the beginning of time. */
    static final long LEAD_MILLIS = 10_000;

    /** What is made. */
    private final Track track;

    private final List<String> work;

    /**
     * What a child does: reads what keeps its stamps, and writes a transport stream, one packet with its stamp at a time. Without buffers at
     * either end; a frame of sound that says how it is encoded is enough to begin.
     */
    Recipe(TrackFormat.Audio made, String container, String... encoder) {
        track = new Track(Track.AUDIO, made);
        List<String> all = new ArrayList<>(List.of(
                "-nostdin",
                "-v",
                "error",
                "-probesize",
                "4096",
                "-analyzeduration",
                "1",
                "-copyts",
                "-f",
                container,
                "-i",
                "pipe:0",
                "-vn",
                "-ac",
                "2",
                "-ar",
                "48000"));
        all.addAll(List.of(encoder));
        all.addAll(List.of(
                "-f",
                "mpegts",
                "-pes_payload_size",
                "0",
                "-muxdelay",
                "0",
                "-muxpreload",
                "0",
                "-flush_packets",
                "1",
                "pipe:1"));
        work = List.copyOf(all);
    }

    /** What is made: the default sound of a stream. */
    public Track track() {
        return track;
    }

    /** The program's arguments. */
    List<String> work() {
        return work;
    }

    /** Whether it can be made of such. */
    abstract boolean takes(TrackFormat format);

    /** Writes what one child is handed of a track. */
    abstract Input input(Track of);

    /** The words of one child's input. */
    interface Input {
        /** What stands before the first frame. */
        void begin(ByteBuf out);

        /** @param frame borrowed, on a clock that begins at {@link #LEAD_MILLIS} */
        void frame(MediaFrame frame, ByteBuf out);
    }

    private record FlvInput(Track of) implements Input {
        @Override
        public void begin(ByteBuf out) {
            FlvMuxer.fileHeader(List.of(of), out);
            FlvMuxer.configuration(List.of(of), LEAD_MILLIS, out);
        }

        @Override
        public void frame(MediaFrame frame, ByteBuf out) {
            FlvMuxer.frame(frame, out);
        }
    }

    /** The transport stream of one track, whose stamps are ten seconds ahead of its frames' by itself. */
    private static final class TsInput implements Input {
        private final TsMuxer muxer = new TsMuxer(UnpooledByteBufAllocator.DEFAULT);

        TsInput(Track of) {
            muxer.tracks(List.of(of));
        }

        @Override
        public void begin(ByteBuf out) {
            muxer.startSegment(true, out);
        }

        @Override
        public void frame(MediaFrame frame, ByteBuf out) {
            long lead = Timescale.convert(
                    LEAD_MILLIS, Timescale.MILLIS, frame.track().timescale());
            muxer.write(frame.at(frame.decodeTime() - lead), out);
        }
    }
}
