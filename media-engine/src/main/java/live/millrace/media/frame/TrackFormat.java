// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.frame;

import live.millrace.media.codec.Codec;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;

/** How the frames of a track are coded. Equal formats need no cut between them. */
public sealed interface TrackFormat {
    Codec codec();

    /** RFC 6381, for the CODECS attribute of a playlist. */
    String codecString();

    /** Units per second of the track's times. */
    int timescale();

    /** Pictures. */
    sealed interface Video extends TrackFormat permits H264 {
        int width();

        int height();

        @Override
        default int timescale() {
            return 90_000;
        }
    }

    /** Sound. Its timescale is its sample rate, so that durations are exact. */
    sealed interface Audio extends TrackFormat permits Aac, Mp3 {
        int sampleRate();

        int channels();

        int samplesPerFrame();

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
}
