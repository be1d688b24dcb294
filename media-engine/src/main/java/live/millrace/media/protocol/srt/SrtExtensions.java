// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What stands behind a conclusion or its answer (draft §3.2.1.1), as far as we go into it; what is unknown is left out of the answer, and
 * callers do without.
 *
 * @param version of the peer's library, a byte each for its three parts
 * @param receiveLatency how long the peer keeps what it receives, ms
 * @param sendLatency how long it wants us to keep what it sends, ms
 * @param keys the message with its keys, empty when it does not encrypt; the reader's own
 * @param streamId as it was sent; empty when there was none
 */
public record SrtExtensions(
        int version, int receiveLatency, int sendLatency, Optional<byte[]> keys, Optional<String> streamId) {
    /** In bytes (draft §3.2.1.3). */
    public static final int MAX_STREAM_ID = 512;

    /** Longer is not waited, whoever asks. */
    public static final int MAX_LATENCY = 8_000;

    static final int HSREQ = 1;
    static final int HSRSP = 2;
    static final int KMREQ = 3;
    static final int KMRSP = 4;
    private static final int STREAM_ID = 5;
    private static final int CONGESTION = 6;

    /** TSBPDSND, TSBPDRCV, CRYPT, TLPKTDROP, NAKREPORT, REXMIT. */
    static final int FLAGS = 0x3F;

    private static final int STREAM_FLAG = 0x40;

    /** What we say we are: a libsrt of the first version with handshakes like these. */
    private static final int SRT_VERSION = 0x0001_0501;

    private static final int HS_WORDS = 3;

    /** An answer to keys that is no longer than this says why they could not be read. */
    private static final int KEY_STATE = 4;

    /**
     * Reads those of a caller.
     *
     * @param blocks what follows the handshake; read to its end
     */
    public static SrtExtensions read(ByteBuf blocks) throws MalformedSrtException {
        return read(blocks, HSREQ, KMREQ);
    }

    /**
     * Reads those of the answer.
     *
     * @param blocks what follows the handshake; read to its end
     * @throws MalformedSrtException with {@link SrtReject#BAD_SECRET} as well if the other side could not read the keys
     */
    public static SrtExtensions readAnswer(ByteBuf blocks) throws MalformedSrtException {
        SrtExtensions read = read(blocks, HSRSP, KMRSP);
        if (read.keys().filter(message -> message.length <= KEY_STATE).isPresent()) {
            throw new MalformedSrtException(SrtReject.BAD_SECRET, "the other side has another passphrase");
        }
        return read;
    }

    private static SrtExtensions read(ByteBuf blocks, int wishes, int keyMessage) throws MalformedSrtException {
        Optional<byte[]> keys = Optional.empty();
        Optional<String> streamId = Optional.empty();
        int version = 0;
        int receive = -1;
        int send = -1;
        while (blocks.readableBytes() >= 4) {
            int type = blocks.readUnsignedShort();
            int length = blocks.readUnsignedShort() * 4;
            if (length > blocks.readableBytes()) {
                throw new MalformedSrtException(SrtReject.ROGUE, "an extension of " + length + " bytes");
            }
            ByteBuf block = blocks.readSlice(length);
            if (type == wishes) {
                if (length < HS_WORDS * 4) {
                    throw new MalformedSrtException(SrtReject.ROGUE, "HSREQ of " + length + " bytes");
                }
                version = block.readInt();
                if ((block.readInt() & STREAM_FLAG) != 0) {
                    throw new MalformedSrtException(SrtReject.MESSAGE_API, "not live mode");
                }
                receive = block.readUnsignedShort();
                send = block.readUnsignedShort();
                continue;
            }
            if (type == keyMessage) {
                byte[] message = new byte[length];
                block.readBytes(message);
                keys = Optional.of(message);
                continue;
            }
            switch (type) {
                case STREAM_ID -> {
                    if (length > MAX_STREAM_ID) {
                        throw new MalformedSrtException(SrtReject.BAD_REQUEST, "a stream id of " + length + " bytes");
                    }
                    streamId = Optional.of(text(block));
                }
                case CONGESTION -> {
                    if (!text(block).equals("live")) {
                        throw new MalformedSrtException(SrtReject.CONGESTION, "not live mode");
                    }
                }
                default -> {} // filters and groups are not answered
            }
        }
        if (receive < 0) {
            throw new MalformedSrtException(SrtReject.ROGUE, "no HSREQ");
        }
        return new SrtExtensions(version, Math.min(receive, MAX_LATENCY), Math.min(send, MAX_LATENCY), keys, streamId);
    }

    /** The version that the peer says it speaks, like {@code SRT 1.5.1}: of its library or of itself, which it does not say. */
    public String library() {
        return "SRT " + (version >> 16 & 0xFF) + "." + (version >> 8 & 0xFF) + "." + (version & 0xFF);
    }

    /** Texts are sent in words whose bytes are turned round, and filled up with zeros. */
    private static String text(ByteBuf block) {
        byte[] bytes = new byte[block.readableBytes()];
        for (int at = 0; at < bytes.length; at += 4) {
            int word = block.readIntLE();
            bytes[at] = (byte) (word >> 24);
            bytes[at + 1] = (byte) (word >> 16);
            bytes[at + 2] = (byte) (word >> 8);
            bytes[at + 3] = (byte) word;
        }
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /** What {@link #text} reads. */
    private static void write(String text, ByteBuf out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] words = Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4);
        out.writeShort(STREAM_ID).writeShort(words.length / 4);
        for (int at = 0; at < words.length; at += 4) {
            for (int i = 3; i >= 0; i--) {
                out.writeByte(words[at + i]);
            }
        }
    }

    /**
     * Writes what a caller asks for.
     *
     * @param latency how long we keep what we receive, and would have the other side keep, ms
     * @param keys the message with our keys, empty for no encryption
     * @param streamId at most {@link #MAX_STREAM_ID} bytes; empty for none
     * @return the extension field of the handshake
     */
    public static int writeCall(int latency, Optional<byte[]> keys, String streamId, ByteBuf out) {
        out.writeShort(HSREQ).writeShort(HS_WORDS).writeInt(SRT_VERSION).writeInt(FLAGS);
        out.writeShort(latency).writeShort(latency);
        keys.ifPresent(
                message -> out.writeShort(KMREQ).writeShort(message.length / 4).writeBytes(message));
        if (!streamId.isEmpty()) {
            write(streamId, out);
        }
        return SrtHandshake.HSREQ_BIT
                | (keys.isPresent() ? SrtHandshake.KMREQ_BIT : 0)
                | (streamId.isEmpty() ? 0 : SrtHandshake.CONFIG_BIT);
    }

    /**
     * Writes the answer.
     *
     * @param ownLatency how long we keep what we receive, ms
     * @param peerLatency how long the caller does, ms
     * @param keyAnswer the block of keys, empty for none
     * @return the extension field of the handshake
     */
    public static int write(int ownLatency, int peerLatency, Optional<byte[]> keyAnswer, ByteBuf out) {
        out.writeShort(HSRSP).writeShort(HS_WORDS).writeInt(SRT_VERSION).writeInt(FLAGS);
        out.writeShort(ownLatency).writeShort(peerLatency);
        keyAnswer.ifPresent(
                message -> out.writeShort(KMRSP).writeShort(message.length / 4).writeBytes(message));
        return SrtHandshake.HSREQ_BIT | (keyAnswer.isPresent() ? SrtHandshake.KMREQ_BIT : 0);
    }
}
