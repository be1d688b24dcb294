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

    /** Of a type that says nothing to us, those of applications (§6.7) among them; not to be written. */
    record Other(int type) implements RtcpPacket {}
}
