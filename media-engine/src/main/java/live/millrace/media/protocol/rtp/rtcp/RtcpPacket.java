// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import java.util.List;

/** One packet of a compound (RFC 3550 §6). Immutable. */
public sealed interface RtcpPacket {
    /**
     * What a sender says of its clock (§6.4.1).
     *
     * @param ntpTime see {@link live.millrace.media.time.NtpTime}
     * @param rtpTimestamp the same moment on the media clock, unsigned
     * @param packets sent so far, unsigned
     * @param octets of payload sent so far, unsigned
     */
    record SenderReport(int ssrc, long ntpTime, long rtpTimestamp, long packets, long octets, List<ReportBlock> blocks)
            implements RtcpPacket {
        public SenderReport {
            blocks = List.copyOf(blocks);
        }
    }

    /** What a receiver says (§6.4.2). */
    record ReceiverReport(int ssrc, List<ReportBlock> blocks) implements RtcpPacket {
        public ReceiverReport {
            blocks = List.copyOf(blocks);
        }
    }

    /** Names of sources (§6.5). */
    record SourceDescription(List<Chunk> chunks) implements RtcpPacket {
        public SourceDescription {
            chunks = List.copyOf(chunks);
        }

        /**
         * @param canonicalName CNAME, which stays when the SSRC changes, at most 255 bytes; empty when the chunk has none
         */
        public record Chunk(int ssrc, String canonicalName) {}
    }

    /** Sources leave (§6.6). */
    record Goodbye(List<Integer> sources) implements RtcpPacket {
        public Goodbye {
            sources = List.copyOf(sources);
        }
    }

    /**
     * Packets are wanted once more (RFC 4585 §6.2.1).
     *
     * @param ssrc who wants them
     * @param mediaSsrc whose they are
     * @param sequenceNumbers 16 bits each, in order; a packet has as many as a datagram holds
     */
    record Nack(int ssrc, int mediaSsrc, List<Integer> sequenceNumbers) implements RtcpPacket {
        public Nack {
            sequenceNumbers = List.copyOf(sequenceNumbers);
        }
    }

    /** A picture that needs no other is wanted (RFC 4585 §6.3.1). */
    record PictureLoss(int ssrc, int mediaSsrc) implements RtcpPacket {}

    /** The same, as some encoders know it alone (RFC 5104 §4.3.1). */
    record FullIntraRequest(int ssrc, int mediaSsrc, int number) implements RtcpPacket {}

    /**
     * When packets came, of all that a peer sends (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1): what it estimates the line by.
     *
     * @param base the number of the first, 16 bits
     * @param arrivals of one packet after the other, in {@value TransportArrivals#TICK_MICROS} µs; −1 for one that did not come; one of them did
     * @param number of this feedback, 8 bits
     */
    record TransportFeedback(int ssrc, int mediaSsrc, int base, List<Long> arrivals, int number) implements RtcpPacket {
        public TransportFeedback {
            arrivals = List.copyOf(arrivals);
        }
    }

    /** Of a type that says nothing to us, those of applications (§6.7) among them; not to be written. */
    record Other(int type) implements RtcpPacket {}
}
