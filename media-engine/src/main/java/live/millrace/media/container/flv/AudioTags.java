// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.table.CodecTable;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * Audio tag bodies to frames, in the classic form and in the extended one. Each codec of a track keeps its own configuration, so that a stray tag of another codec takes nothing from it.
 */
final class AudioTags {
    /** The SoundFormat that says "extended". */
    private static final int EXTENDED = 9;

    /** So many frames in a row in another codec are a change, not a stray. */
    private static final int CHANGES_AFTER = 5;

    private static final int SEQUENCE_START = 0;
    private static final int CODED_FRAMES = 1;
    private static final int MULTITRACK = 5;

    /** The extended form says nothing of channels. */
    private static final int STEREO = 2;

    private final FrameSink sink;
    private final CodecTable codecs;
    private final TrackTable tracks;

    /** The codec that a track is heard in, and how many frames in a row came in another. */
    private final @Nullable CodecEntry[] playing = new @Nullable CodecEntry[Track.MAX_OF_KIND];

    private final int[] strays = new int[Track.MAX_OF_KIND];

    AudioTags(FrameSink sink, CodecTable codecs) {
        this.sink = sink;
        this.codecs = codecs;
        this.tracks = new TrackTable(sink);
    }

    void read(long timestampMillis, ByteBuf body) {
        int first = body.readUnsignedByte();
        int format = first >> 4;
        int channels = (first & 1) + 1;
        if (format == EXTENDED) {
            ExTag.read(
                    ExTag.skipModifiers(first & 15, body),
                    MULTITRACK,
                    body,
                    (type, fourCc, track, packet) -> extended(timestampMillis, type, fourCc, track, packet));
            return;
        }
        switch (codecs.audio(format).orElseThrow(() -> new UnsupportedMediaException(legacyName(format)))) {
            case CodecEntry.ConfiguredAudio codec -> {
                ExTag.need(body, 1);
                int type = body.readUnsignedByte() == 0 ? SEQUENCE_START : CODED_FRAMES;
                configured(timestampMillis, type, codec, 0, body);
            }
            case CodecEntry.SelfDescribingAudio codec -> selfDescribing(timestampMillis, codec, channels, 0, body);
        }
    }

    private void extended(long timestampMillis, int type, FourCc fourCc, int index, ByteBuf body) {
        if (type != SEQUENCE_START && type != CODED_FRAMES) {
            return; // the end of a sequence; a channel layout, which the codecs carry themselves
        }
        switch (codecs.audio(fourCc)) {
            case CodecEntry.ConfiguredAudio codec -> configured(timestampMillis, type, codec, index, body);
            case CodecEntry.SelfDescribingAudio codec -> {
                if (type == CODED_FRAMES) {
                    selfDescribing(timestampMillis, codec, STEREO, index, body);
                }
            }
        }
    }

    private void configured(long timestampMillis, int type, CodecEntry.ConfiguredAudio codec, int index, ByteBuf body) {
        if (type == SEQUENCE_START) {
            tracks.announce(index, codec.configuration(body));
            return;
        }
        codec.check(body);
        Track track = tracks.find(index, codec);
        if (track == null) {
            throw new MalformedMediaException(codec.displayName() + " before its sequence header");
        }
        if (body.isReadable() && admits(index, codec)) {
            frame(track, timestampMillis, 0, body);
        }
    }

    /** A tag may hold several frames. */
    private void selfDescribing(
            long timestampMillis, CodecEntry.SelfDescribingAudio codec, int channels, int index, ByteBuf body) {
        long samples = 0;
        while (body.isReadable()) {
            TrackFormat.Audio format = codec.format(body, channels);
            if (samples == 0 && !admits(index, format.codec())) {
                return;
            }
            ByteBuf payload = body.readSlice(codec.length(body));
            frame(tracks.announce(index, format), timestampMillis, samples, payload);
            samples += format.samples(payload);
        }
    }

    private void frame(Track track, long timestampMillis, long samplesBefore, ByteBuf payload) {
        long time = Timescale.convert(timestampMillis, Timescale.MILLIS, track.timescale()) + samplesBefore;
        sink.frame(new MediaFrame(track, time, 0, true, payload));
    }

    /** Whether a frame of a codec is to be heard: what plays already wins over strays. */
    private boolean admits(int index, CodecEntry codec) {
        CodecEntry now = playing[index];
        if (now == null || now.equals(codec) || ++strays[index] >= CHANGES_AFTER) {
            playing[index] = codec;
            strays[index] = 0;
            return true;
        }
        sink.repaired(Repair.CONFIGURATION_HELD);
        return false;
    }

    private static String legacyName(int id) {
        return switch (id) {
            case 0, 3 -> "PCM";
            case 1 -> "ADPCM";
            case 4, 5, 6 -> "Nellymoser";
            case 11 -> "Speex";
            case 15 -> "device-specific sound";
            default -> "number " + id;
        };
    }
}
