// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.LengthPrefixed;
import live.millrace.media.codec.mp3.Mp3FrameHeader;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.frame.TrackFormat;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * FLV tag bodies to frames: H.264, AAC and MP3 in their classic form and in the extended form of Enhanced RTMP. A
 * sequence header that says nothing new is not passed on: some encoders repeat it each second.
 *
 * <p>Both methods throw {@link MalformedMediaException}, which costs the tag, and {@link UnsupportedMediaException},
 * which the session cannot go on from. Tag bodies are borrowed. One instance for each publish session; not thread-safe.
 */
public final class FlvDemuxer {
    private static final int H264 = 7;
    private static final int MP3 = 2;
    private static final int MP3_8_KHZ = 14;
    private static final int EXTENDED_AUDIO = 9;
    private static final int AAC = 10;
    private static final int KEY_FRAME = 1;
    private static final int COMMAND_FRAME = 5;

    /** A composition offset of more than this is no reordering but a broken clock. */
    private static final int MAX_COMPOSITION_OFFSET_MILLIS = 10_000;

    private final FrameSink sink;
    private @Nullable Track video;
    private @Nullable Track audio;

    public FlvDemuxer(FrameSink sink) {
        this.sink = sink;
    }

    /**
     * Reads a video tag body.
     *
     * @param timestampMillis decode time, unwrapped
     */
    public void video(long timestampMillis, ByteBuf body) {
        if (!body.isReadable()) {
            return;
        }
        int first = body.readUnsignedByte();
        boolean extended = (first & 0x80) != 0;
        int frameType = (first >> 4) & 7;
        int low = first & 15;
        if (frameType == COMMAND_FRAME) {
            return;
        }
        if (extended) {
            extendedVideo(timestampMillis, frameType, low, body);
        } else if (low == H264) {
            need(body, 4);
            int packetType = body.readUnsignedByte();
            int offset = body.readMedium();
            switch (packetType) {
                case 0 -> videoConfiguration(body);
                case 1 -> pictures(timestampMillis, offset, frameType == KEY_FRAME, body);
                default -> {
                    // 2: end of sequence, which says nothing that the next message does not
                }
            }
        } else {
            throw new UnsupportedMediaException("video codec " + legacyVideoName(low));
        }
    }

    /** Enhanced RTMP v2, "ExVideoTagHeader". */
    private void extendedVideo(long timestampMillis, int frameType, int packetType, ByteBuf body) {
        need(body, 4);
        String fourCc = fourCc(body);
        if (packetType == 4) {
            return; // Metadata: colour information
        }
        if (packetType > 3) {
            throw new UnsupportedMediaException("video packet type " + packetType + " of Enhanced RTMP");
        }
        if (!fourCc.equals("avc1")) {
            throw new UnsupportedMediaException("video codec " + fourCc);
        }
        switch (packetType) {
            case 0 -> videoConfiguration(body);
            case 1 -> {
                need(body, 3);
                pictures(timestampMillis, body.readMedium(), frameType == KEY_FRAME, body);
            }
            case 3 -> pictures(timestampMillis, 0, frameType == KEY_FRAME, body);
            default -> {
                // 2: end of sequence
            }
        }
    }

    private void videoConfiguration(ByteBuf body) {
        TrackFormat format = new TrackFormat.H264(AvcDecoderConfigurationRecord.parse(body));
        if (video == null || !video.format().equals(format)) {
            video = new Track(Track.VIDEO, format);
            sink.track(video);
        }
    }

    private void pictures(long timestampMillis, int offsetMillis, boolean keyFrame, ByteBuf body) {
        if (video == null
                || !(video.format() instanceof TrackFormat.H264(AvcDecoderConfigurationRecord configuration))) {
            throw new MalformedMediaException("a picture before its sequence header");
        }
        LengthPrefixed.Contents contents = LengthPrefixed.inspect(body, configuration.lengthSize());
        if (contents.empty()) {
            return;
        }
        int offset = offsetMillis;
        if (offset < 0 || offset > MAX_COMPOSITION_OFFSET_MILLIS) {
            // A presentation time before the decode time has no place in a PES header (ISO/IEC 13818-1 §2.7.5).
            offset = 0;
            sink.repaired(Repair.COMPOSITION_OFFSET);
        }
        boolean start = contents.idr() || (keyFrame && contents.mayStart());
        int timescale = video.timescale();
        sink.frame(new MediaFrame(
                video,
                Timescale.convert(timestampMillis, Timescale.MILLIS, timescale),
                (int) Timescale.convert(offset, Timescale.MILLIS, timescale),
                start,
                body));
    }

    /**
     * Reads an audio tag body.
     *
     * @param timestampMillis unwrapped
     */
    public void audio(long timestampMillis, ByteBuf body) {
        if (!body.isReadable()) {
            return; // Enhanced RTMP: an empty audio message means silence
        }
        int first = body.readUnsignedByte();
        int format = first >> 4;
        switch (format) {
            case AAC -> {
                need(body, 1);
                int packetType = body.readUnsignedByte();
                if (packetType == 0) {
                    audioConfiguration(body);
                } else {
                    aac(timestampMillis, body);
                }
            }
            case MP3, MP3_8_KHZ -> mp3(timestampMillis, body);
            case EXTENDED_AUDIO -> extendedAudio(timestampMillis, first & 15, body);
            default -> throw new UnsupportedMediaException("audio codec " + legacyAudioName(format));
        }
    }

    /** Enhanced RTMP v2, "ExAudioTagHeader". */
    private void extendedAudio(long timestampMillis, int packetType, ByteBuf body) {
        need(body, 4);
        String fourCc = fourCc(body);
        if (packetType == 4) {
            return; // MultichannelConfig: AAC and MP3 carry their own
        }
        if (packetType > 2) {
            throw new UnsupportedMediaException("audio packet type " + packetType + " of Enhanced RTMP");
        }
        switch (fourCc) {
            case "mp4a" -> {
                if (packetType == 0) {
                    audioConfiguration(body);
                } else if (packetType == 1) {
                    aac(timestampMillis, body);
                }
            }
            case ".mp3" -> {
                if (packetType == 1) {
                    mp3(timestampMillis, body);
                }
            }
            default -> throw new UnsupportedMediaException("audio codec " + fourCc);
        }
    }

    private void audioConfiguration(ByteBuf body) {
        announceAudio(new TrackFormat.Aac(AudioSpecificConfig.parse(body)));
    }

    private Track announceAudio(TrackFormat format) {
        Track current = audio;
        if (current == null || !current.format().equals(format)) {
            current = new Track(Track.AUDIO, format);
            audio = current;
            sink.track(current);
        }
        return current;
    }

    private void aac(long timestampMillis, ByteBuf body) {
        if (audio == null || !(audio.format() instanceof TrackFormat.Aac)) {
            throw new MalformedMediaException("AAC before its sequence header");
        }
        if (body.readableBytes() > AudioSpecificConfig.MAX_ADTS_PAYLOAD) {
            throw new MalformedMediaException("an AAC frame of " + body.readableBytes() + " bytes");
        }
        if (body.isReadable()) {
            sink.frame(new MediaFrame(
                    audio, Timescale.convert(timestampMillis, Timescale.MILLIS, audio.timescale()), 0, true, body));
        }
    }

    /** A tag may hold several frames. */
    private void mp3(long timestampMillis, ByteBuf body) {
        long samples = 0;
        while (body.isReadable()) {
            Mp3FrameHeader header = Mp3FrameHeader.parse(body, body.readerIndex());
            if (header.frameLength() > body.readableBytes()) {
                throw new MalformedMediaException("an MP3 frame longer than its tag");
            }
            Track track = announceAudio(new TrackFormat.Mp3(header.sampleRate(), header.channels(), header.mpeg1()));
            long time = Timescale.convert(timestampMillis, Timescale.MILLIS, track.timescale()) + samples;
            sink.frame(new MediaFrame(track, time, 0, true, body.readSlice(header.frameLength())));
            samples += header.samples();
        }
    }

    private static String fourCc(ByteBuf body) {
        String raw = body.readCharSequence(4, StandardCharsets.US_ASCII).toString();
        return raw.chars().allMatch(c -> c >= 0x20 && c < 0x7F) ? raw : "unknown";
    }

    private static void need(ByteBuf body, int bytes) {
        if (body.readableBytes() < bytes) {
            throw new MalformedMediaException("FLV tag cut short");
        }
    }

    private static String legacyVideoName(int id) {
        return switch (id) {
            case 2 -> "Sorenson H.263";
            case 3 -> "Screen video";
            case 4, 5 -> "VP6";
            case 12 -> "HEVC";
            default -> "number " + id;
        };
    }

    private static String legacyAudioName(int id) {
        return switch (id) {
            case 0, 3 -> "PCM";
            case 1 -> "ADPCM";
            case 4, 5, 6 -> "Nellymoser";
            case 7, 8 -> "G.711";
            case 11 -> "Speex";
            default -> "number " + id;
        };
    }
}
