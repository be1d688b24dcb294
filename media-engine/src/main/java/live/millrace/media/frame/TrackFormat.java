// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.frame;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.Codec;
import live.millrace.media.codec.PictureFormat;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.ac3.Ac3SyncFrame;
import live.millrace.media.codec.av1.Av1CodecConfigurationRecord;
import live.millrace.media.codec.flac.FlacStreamInfo;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h265.HevcDecoderConfigurationRecord;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.codec.vp9.VpCodecConfigurationRecord;

/** How the frames of a track are coded. Equal formats need no cut between them. */
public sealed interface TrackFormat {
    Codec codec();

    /** RFC 6381, for the CODECS attribute of a playlist. */
    String codecString();

    /** Units per second of the track's times. */
    int timescale();

    /** Pictures. */
    sealed interface Video extends TrackFormat permits H264, H265, Av1, Vp9 {
        int width();

        int height();

        /** How samples are laid out. */
        PictureFormat picture();

        @Override
        default int timescale() {
            return 90_000;
        }
    }

    /** Sound. Its timescale is its sample rate, so that durations are exact. */
    sealed interface Audio extends TrackFormat permits Aac, Mp3, Opus, Flac, Ac3, G711 {
        int sampleRate();

        int channels();

        /** Of a usual frame. */
        int samplesPerFrame();

        /** Of this frame. */
        default int samples(ByteBuf payload) {
            return samplesPerFrame();
        }

        @Override
        default int timescale() {
            return sampleRate();
        }
    }

    record H264(AvcDecoderConfigurationRecord configuration) implements Video {
        @Override
        public Codec codec() {
            return Codec.H264;
        }

        @Override
        public String codecString() {
            return configuration.codecString();
        }

        @Override
        public int width() {
            return configuration.sequenceParameterSet().width();
        }

        @Override
        public int height() {
            return configuration.sequenceParameterSet().height();
        }

        @Override
        public PictureFormat picture() {
            return configuration.sequenceParameterSet().picture();
        }
    }

    record H265(HevcDecoderConfigurationRecord configuration) implements Video {
        @Override
        public Codec codec() {
            return Codec.H265;
        }

        @Override
        public String codecString() {
            return configuration.codecString();
        }

        @Override
        public int width() {
            return configuration.width();
        }

        @Override
        public int height() {
            return configuration.height();
        }

        @Override
        public PictureFormat picture() {
            return configuration.picture();
        }
    }

    record Av1(Av1CodecConfigurationRecord configuration, int width, int height) implements Video {
        @Override
        public Codec codec() {
            return Codec.AV1;
        }

        @Override
        public String codecString() {
            return configuration.codecString();
        }

        @Override
        public PictureFormat picture() {
            return configuration.picture();
        }
    }

    record Vp9(VpCodecConfigurationRecord configuration, int width, int height) implements Video {
        @Override
        public Codec codec() {
            return Codec.VP9;
        }

        @Override
        public String codecString() {
            return configuration.codecString();
        }

        @Override
        public PictureFormat picture() {
            return configuration.picture();
        }
    }

    record Aac(AudioSpecificConfig configuration) implements Audio {
        @Override
        public Codec codec() {
            return Codec.AAC;
        }

        @Override
        public String codecString() {
            return configuration.codecString();
        }

        @Override
        public int sampleRate() {
            return configuration.sampleRate();
        }

        @Override
        public int channels() {
            return configuration.channels();
        }

        @Override
        public int samplesPerFrame() {
            return AudioSpecificConfig.SAMPLES_PER_FRAME;
        }
    }

    /** Layer III; MPEG-1 above 32 kHz, MPEG-2 below. */
    record Mp3(int sampleRate, int channels, boolean mpeg1) implements Audio {
        @Override
        public Codec codec() {
            return Codec.MP3;
        }

        @Override
        public String codecString() {
            return "mp4a.40.34";
        }

        @Override
        public int samplesPerFrame() {
            return mpeg1 ? 1152 : 576;
        }
    }

    record Opus(OpusHead head) implements Audio {
        @Override
        public Codec codec() {
            return Codec.OPUS;
        }

        @Override
        public String codecString() {
            return "opus";
        }

        @Override
        public int sampleRate() {
            return OpusHead.SAMPLE_RATE;
        }

        @Override
        public int channels() {
            return head.channels();
        }

        @Override
        public int samplesPerFrame() {
            return OpusHead.SAMPLE_RATE / 50;
        }

        @Override
        public int samples(ByteBuf payload) {
            return OpusHead.samples(payload);
        }
    }

    record Flac(FlacStreamInfo info) implements Audio {
        @Override
        public Codec codec() {
            return Codec.FLAC;
        }

        @Override
        public String codecString() {
            return "fLaC";
        }

        @Override
        public int sampleRate() {
            return info.sampleRate();
        }

        @Override
        public int channels() {
            return info.channels();
        }

        @Override
        public int samplesPerFrame() {
            return info.maxBlock();
        }

        @Override
        public int samples(ByteBuf payload) {
            return info.samples(payload);
        }
    }

    /**
     * AC-3 and Enhanced AC-3.
     *
     * @param first the head of the first frame; later ones differ in nothing that matters
     */
    record Ac3(Ac3SyncFrame first) implements Audio {
        @Override
        public Codec codec() {
            return first.enhanced() ? Codec.EAC3 : Codec.AC3;
        }

        @Override
        public String codecString() {
            return first.enhanced() ? "ec-3" : "ac-3";
        }

        @Override
        public int sampleRate() {
            return first.sampleRate();
        }

        @Override
        public int channels() {
            return first.channels();
        }

        @Override
        public int samplesPerFrame() {
            return first.samples();
        }
    }

    /** ITU-T G.711, 8 bits a sample. No browser and no HLS player decodes it. */
    record G711(boolean aLaw, int channels) implements Audio {
        @Override
        public Codec codec() {
            return aLaw ? Codec.G711_A : Codec.G711_U;
        }

        @Override
        public String codecString() {
            return aLaw ? "alaw" : "ulaw";
        }

        @Override
        public int sampleRate() {
            return 8_000;
        }

        @Override
        public int samplesPerFrame() {
            return 160;
        }

        @Override
        public int samples(ByteBuf payload) {
            return Math.max(1, payload.readableBytes() / channels);
        }
    }
}
