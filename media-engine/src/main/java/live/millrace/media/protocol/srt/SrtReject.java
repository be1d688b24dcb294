// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

/**
 * Why a caller is turned away, as it is told: the type of the answer's handshake. Those of the protocol are 1000 and the reason (draft §4.3);
 * those of servers, 1400 and above in the papers of libsrt, are 1000 more on the wire.
 */
public enum SrtReject {
    /** Broken beyond understanding. */
    ROGUE(1_004),
    /** No room. */
    RESOURCE(1_003),
    /** Handshakes before version 5, of libsrt before 1.3. */
    VERSION(1_008),
    /** Another passphrase. */
    BAD_SECRET(1_010),
    /** One side wants encryption and the other has none. */
    UNSECURE(1_011),
    /** It wants messages or streams of bytes: not live mode. */
    MESSAGE_API(1_012),
    /** It wants another congestion control: not live mode. */
    CONGESTION(1_013),
    /** Encryption that we do not speak. */
    CRYPTO(1_017),
    /** Its stream id cannot be read, or says nothing. */
    BAD_REQUEST(2_400),
    /** The server has enough of them. */
    OVERLOAD(2_402),
    /** It may not; the same for every cause. */
    FORBIDDEN(2_403),
    /** There is no such stream. */
    NOT_FOUND(2_404),
    /** Neither published nor requested. */
    BAD_MODE(2_405),
    /** Somebody else publishes. */
    CONFLICT(2_409),
    /** Nobody knew in time. */
    UNAVAILABLE(2_503);

    private final int wire;

    SrtReject(int wire) {
        this.wire = wire;
    }

    /** The handshake type that says it. */
    public int wire() {
        return wire;
    }
}
