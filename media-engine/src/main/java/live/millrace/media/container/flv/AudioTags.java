// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.Codec;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.ac3.Ac3SyncFrame;
import live.millrace.media.codec.flac.FlacStreamInfo;
import live.millrace.media.codec.mp3.Mp3FrameHeader;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.frame.TrackFormat;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * Audio tag bodies to frames: AAC, MP3 and G.711 in the classic form; AAC, MP3, Opus, FLAC and AC-3 in the extended one. Each codec of
 * a track keeps its own configuration, so that a stray tag of another codec takes nothing from it.
 */
final class AudioTags {
    private static final int MP3 = 2;
    private static final int G711_A = 7;
    private static final int G711_U = 8;
    private static final int EXTENDED = 9;
    private static final int AAC = 10;
    private static final int MP3_8_KHZ = 14;

    /** So many frames in a row in another codec are a change, not a stray. */
    private static final int CHANGES_AFTER = 5;

    /** No packet of Opus or AC-3 is longer (RFC 6716 §3.2.5: 48 frames of 1,275 bytes), and no audio PES packet. */
    private static final int MAX_PACKET = 61_440;

    private static final int SEQUENCE_START = 0;
    private static final int CODED_FRAMES = 1;
    private static final int MULTITRACK = 5;

    private final FrameSink sink;
    private final TrackTable tracks;

    /** The codec that a track is heard in, and how many frames in a row came in another. */
    private final @Nullable Codec[] playing = new @Nullable Codec[Track.MAX_OF_KIND];

    private final int[] strays = new int[Track.MAX_OF_KIND];

    AudioTags(FrameSink sink) {
        this.sink = sink;
        this.tracks = new TrackTable(sink);
    }

    void read(long timestampMillis, ByteBuf body) {
        int first = body.readUnsignedByte();
        int format = first >> 4;
        switch (format) {
            case AAC -> {
                ExTag.need(body, 1);
                packet(timestampMillis, body.readUnsignedByte() == 0 ? SEQUENCE_START : CODED_FRAMES, "mp4a", 0, body);
            }
            case MP3, MP3_8_KHZ -> packet(timestampMillis, CODED_FRAMES, ".mp3", 0, body);
            case G711_A, G711_U -> {
                if (admits(0, format == G711_A ? Codec.G711_A : Codec.G711_U)) {
                    frame(
                            tracks.announce(0, new TrackFormat.G711(format == G711_A, (first & 1) + 1)),
                            timestampMillis,
                            body);
                }
            }
            case EXTENDED ->
                ExTag.read(
                        ExTag.skipModifiers(first & 15, body),
                        MULTITRACK,
                        body,
                        (type, fourCc, track, packet) -> packet(timestampMillis, type, fourCc, track, packet));
            default -> throw new UnsupportedMediaException(legacyName(format));
        }
    }

    private void packet(long timestampMillis, int type, String fourCc, int index, ByteBuf body) {
        boolean start = type == SEQUENCE_START;
        if (!start && type != CODED_FRAMES) {
            return; // the end of a sequence; a channel layout, which the codecs carry themselves
        }
        switch (fourCc) {
            case "mp4a" -> {
                if (start) {
                    tracks.announce(index, new TrackFormat.Aac(AudioSpecificConfig.parse(body)));
                } else {
                    aac(timestampMillis, index, body);
                }
            }
            case ".mp3" -> {
                if (!start) {
                    mp3(timestampMillis, index, body);
                }
            }
            case "Opus" -> {
                if (start) {
                    tracks.announce(index, new TrackFormat.Opus(OpusHead.parse(body)));
                } else {
                    limit(body, "an Opus packet");
                    coded(index, Codec.OPUS, timestampMillis, body);
                }
            }
            case "fLaC" -> {
                if (start) {
                    tracks.announce(index, new TrackFormat.Flac(FlacStreamInfo.parse(body)));
                } else {
                    coded(index, Codec.FLAC, timestampMillis, body);
                }
            }
            case "ac-3", "ec-3" -> {
                if (!start) {
                    ac3(timestampMillis, index, body);
                }
            }
            default -> throw new UnsupportedMediaException(fourCc);
        }
    }

    /** A frame of a codec whose configuration came before. */
    private void coded(int index, Codec codec, long timestampMillis, ByteBuf body) {
        Track track = tracks.find(index, codec);
        if (track == null) {
            throw new MalformedMediaException(codec.displayName() + " before its sequence header");
        }
        if (body.isReadable() && admits(index, codec)) {
            frame(track, timestampMillis, body);
        }
    }

    /** Whether a frame of a codec is to be heard: what plays already wins over strays. */
    private boolean admits(int index, Codec codec) {
        Codec now = playing[index];
        if (now == null || now == codec || ++strays[index] >= CHANGES_AFTER) {
            playing[index] = codec;
            strays[index] = 0;
            return true;
        }
        sink.repaired(Repair.CONFIGURATION_HELD);
        return false;
    }

    private static void limit(ByteBuf body, String what) {
        if (body.readableBytes() > MAX_PACKET) {
            throw new MalformedMediaException(what + " of " + body.readableBytes() + " bytes");
        }
    }

    private void frame(Track track, long timestampMillis, ByteBuf body) {
        if (body.isReadable()) {
            sink.frame(new MediaFrame(
                    track, Timescale.convert(timestampMillis, Timescale.MILLIS, track.timescale()), 0, true, body));
        }
    }

    private void aac(long timestampMillis, int index, ByteBuf body) {
        if (body.readableBytes() > AudioSpecificConfig.MAX_ADTS_PAYLOAD) {
            throw new MalformedMediaException("an AAC frame of " + body.readableBytes() + " bytes");
        }
        coded(index, Codec.AAC, timestampMillis, body);
    }

    /** A tag may hold several frames. */
    private void mp3(long timestampMillis, int index, ByteBuf body) {
        long samples = 0;
        while (body.isReadable()) {
            Mp3FrameHeader header = Mp3FrameHeader.parse(body, body.readerIndex());
            if (samples == 0 && !admits(index, Codec.MP3)) {
                return;
            }
            if (header.frameLength() > body.readableBytes()) {
                throw new MalformedMediaException("an MP3 frame longer than its tag");
            }
            Track track =
                    tracks.announce(index, new TrackFormat.Mp3(header.sampleRate(), header.channels(), header.mpeg1()));
            long time = Timescale.convert(timestampMillis, Timescale.MILLIS, track.timescale()) + samples;
            sink.frame(new MediaFrame(track, time, 0, true, body.readSlice(header.frameLength())));
            samples += header.samples();
        }
    }

    private void ac3(long timestampMillis, int index, ByteBuf body) {
        limit(body, "an AC-3 packet");
        Ac3SyncFrame head = Ac3SyncFrame.parse(body);
        Codec codec = head.enhanced() ? Codec.EAC3 : Codec.AC3;
        if (!admits(index, codec)) {
            return;
        }
        Track current = tracks.find(index, codec);
        if (current == null
                || !(current.format() instanceof TrackFormat.Ac3(Ac3SyncFrame first))
                || !first.sameFormat(head)) {
            current = tracks.announce(index, new TrackFormat.Ac3(head));
        }
        frame(current, timestampMillis, body);
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
