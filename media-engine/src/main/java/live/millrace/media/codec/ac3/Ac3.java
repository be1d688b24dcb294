// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.ac3;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.CodecNames;
import live.millrace.media.codec.FlvCodecId;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.SampleEntryType;
import live.millrace.media.codec.StreamType;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.TransportCoding;

/** AC-3 and Enhanced AC-3 (ETSI TS 102 366): a frame tells which of both it is, whatever its tag says. */
public enum Ac3 implements CodecEntry.SelfDescribingAudio {
    AC3("AC-3", "ac-3", "dac3", StreamType.privateStream(0x81, "AC-3")),
    EAC3("E-AC-3", "ec-3", "dec3", StreamType.privateStream(0x87, "EAC3"));

    /** No audio PES packet has room for more. */
    private static final int MAX_PACKET = 61_440;

    private final CodecNames names;
    private final StreamType stream;

    /** @param fourCc its name in Enhanced RTMP, in MP4 and in playlists */
    Ac3(String displayName, String fourCc, String configurationBox, StreamType stream) {
        this.names = CodecNames.of(
                displayName,
                FlvCodecId.extended(FourCc.of(fourCc)),
                SampleEntryType.of(fourCc, configurationBox),
                stream);
        this.stream = stream;
    }

    @Override
    public CodecNames names() {
        return names;
    }

    @Override
    public Format format(ByteBuf frames, int channels) {
        if (frames.readableBytes() > MAX_PACKET) {
            throw new MalformedMediaException("an AC-3 packet of " + frames.readableBytes() + " bytes");
        }
        return new Format(Ac3SyncFrame.parse(frames));
    }

    /**
     * The format of a track.
     *
     * @param first the head of the first frame; later ones differ in nothing that matters
     */
    public record Format(Ac3SyncFrame first) implements TrackFormat.Audio, TransportCoding {
        @Override
        public Ac3 codec() {
            return first.enhanced() ? EAC3 : AC3;
        }

        @Override
        public String codecString() {
            return codec().sampleEntry().type().text();
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

        @Override
        public boolean continues(TrackFormat other) {
            return other instanceof Format(Ac3SyncFrame head) && first.sameFormat(head);
        }

        @Override
        public void writeConfiguration(ByteBuf out) {
            // each frame tells all
        }

        /** Annex F.4 and F.6. */
        @Override
        public void writeConfigurationBox(ByteBuf out) {
            int low = first.lowFrequency() ? 1 : 0;
            if (first.enhanced()) {
                out.writeShort(first.sizeCode() << 3);
                out.writeByte(first.rateCode() << 6 | first.bitStreamId() << 1);
                out.writeByte(first.bitStreamMode() << 4 | first.channelMode() << 1 | low);
                out.writeByte(0);
            } else {
                out.writeMedium(first.rateCode() << 22
                        | first.bitStreamId() << 17
                        | first.bitStreamMode() << 14
                        | first.channelMode() << 11
                        | low << 10
                        | first.sizeCode() << 5);
            }
        }

        @Override
        public TransportCoding transport() {
            return this;
        }

        @Override
        public StreamType streamType() {
            return codec().stream;
        }

        @Override
        public void writeAccessUnit(ByteBuf accessUnit, boolean randomAccessPoint, ByteBuf out) {
            out.writeBytes(accessUnit, accessUnit.readerIndex(), accessUnit.readableBytes());
        }
    }
}
