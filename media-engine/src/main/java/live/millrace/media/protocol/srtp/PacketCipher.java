// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.EmptyArrays;

/**
 * Protects and opens the packets of one kind, RTP or RTCP, in one direction. A packet is {@linkplain #load loaded}, sealed or opened, and
 * {@linkplain #output taken}; its parts are named by their places in it. Not thread-safe.
 */
abstract sealed class PacketCipher permits CounterModeCipher, GcmCipher {
    /** In bytes. What UDP brings us is shorter; more is refused. */
    static final int MAX_PACKET = 2_048;

    /** Room for a tag in full length and an index behind a packet. */
    private static final int ROOM = 32;

    /** In bytes, behind an RTCP packet: whether it is encrypted, and its index. */
    static final int INDEX_WORD = 4;

    /** One for each thread and not for each peer, of which there are thousands: nothing stays in it from one packet to the next. */
    private static final FastThreadLocal<Scratch> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
            return new Scratch();
        }
    };

    private static final class Scratch {
        private final byte[] input = new byte[MAX_PACKET + ROOM];
        private final byte[] output = new byte[MAX_PACKET + ROOM];
    }

    /** Whether it is for RTCP. */
    protected final boolean control;

    /** The packet as it came, from {@link #load} until the next packet of this thread. */
    protected byte[] input = EmptyArrays.EMPTY_BYTES;

    /** What was made of it. */
    protected byte[] output = EmptyArrays.EMPTY_BYTES;

    protected PacketCipher(boolean control) {
        this.control = control;
    }

    static PacketCipher of(SrtpKeys keys, boolean control) {
        return switch (keys.profile()) {
            case AES_128_CM_HMAC_SHA1_80 -> new CounterModeCipher(keys, control);
            case AEAD_AES_128_GCM, AEAD_AES_256_GCM -> new GcmCipher(keys, control);
        };
    }

    /** The label of a session key. */
    protected static int label(int ofRtp, boolean control) {
        return control ? ofRtp + SrtpKeys.CONTROL : ofRtp;
    }

    /** Copies what is readable, at most {@link #MAX_PACKET} bytes, without moving the index. */
    final void load(ByteBuf packet) {
        Scratch scratch = SCRATCH.get();
        input = scratch.input;
        output = scratch.output;
        packet.getBytes(packet.readerIndex(), input, 0, packet.readableBytes());
    }

    /** The same of two pieces, one behind the other. */
    final void load(ByteBuf head, ByteBuf rest) {
        load(head);
        rest.getBytes(rest.readerIndex(), input, head.readableBytes(), rest.readableBytes());
    }

    /**
     * Protects the packet.
     *
     * @param clear bytes at its start that are not encrypted
     * @param length of all of it
     * @param index 48 bits for RTP, 31 for RTCP
     * @param word what is authenticated with it: the rollover counter of RTP, which is not sent, or the index word of RTCP, which is
     * @return the length of the protected packet in {@link #output}
     */
    abstract int seal(int clear, int length, int ssrc, long index, int word);

    /**
     * Opens it: the opposite of {@link #seal}.
     *
     * @param length of what was protected, without all that stands behind it
     * @return whether it is authentic; then what was protected is in {@link #output}
     */
    abstract boolean open(int clear, int length, int ssrc, long index, int word);

    /** Where in a protected packet the index word of RTCP stands. */
    abstract int indexWordAt(int length);

    protected static void putInt(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
    }

    /** What both kinds of initialization vectors are made of: the SSRC, and behind it the 48 bits of the index, laid over the salt. */
    protected static void lay(int ssrc, long index, byte[] salt, byte[] vector, int at) {
        System.arraycopy(salt, 0, vector, 0, salt.length);
        for (int i = 0; i < 4; i++) {
            vector[at + i] ^= (byte) (ssrc >> (24 - 8 * i));
        }
        for (int i = 0; i < 6; i++) {
            vector[at + 4 + i] ^= (byte) (index >> (40 - 8 * i));
        }
    }
}
