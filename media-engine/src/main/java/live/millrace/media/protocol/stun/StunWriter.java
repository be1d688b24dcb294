// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one message, attribute by attribute in the order of the calls. */
final class StunWriter {
    private static final int FAMILY_IPV4 = 1;
    private static final int FAMILY_IPV6 = 2;
    private static final int CLASS_AND_NUMBER = 100;

    private final ByteBuffer out = ByteBuffer.allocate(StunMessage.MAX_LENGTH);

    /**
     * Begins one of the method {@linkplain StunMessage#BINDING binding}.
     *
     * @param transaction 12 bytes
     */
    StunWriter(StunClass messageClass, byte[] transaction) {
        out.putShort((short) (StunMessage.BINDING | messageClass.bits()));
        out.putShort((short) 0).putInt(StunMessage.COOKIE).put(transaction);
    }

    /** An attribute, with the bytes behind it that make its length a multiple of four. */
    StunWriter attribute(int type, byte[] value) {
        out.putShort((short) type).putShort((short) value.length).put(value);
        out.put(new byte[-value.length & 3]);
        return this;
    }

    /** The address that a request came from, so that nothing between finds and changes it (RFC 8489 §14.2). */
    StunWriter xorMappedAddress(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        byte[] raw = ip.getAddress();
        byte[] mask = Arrays.copyOfRange(out.array(), 4, StunMessage.HEADER); // cookie and transaction
        ByteBuffer value = ByteBuffer.allocate(4 + raw.length);
        value.putShort((short) (raw.length == 4 ? FAMILY_IPV4 : FAMILY_IPV6));
        value.putShort((short) (address.getPort() ^ StunMessage.COOKIE >>> 16));
        for (int i = 0; i < raw.length; i++) {
            value.put((byte) (raw[i] ^ mask[i]));
        }
        return attribute(StunAttribute.XOR_MAPPED_ADDRESS, value.array());
    }

    /** §14.8. */
    StunWriter error(StunError error) {
        byte[] reason = error.reason().getBytes(StandardCharsets.UTF_8);
        ByteBuffer value = ByteBuffer.allocate(4 + reason.length).putShort((short) 0);
        value.put((byte) (error.code() / CLASS_AND_NUMBER)).put((byte) (error.code() % CLASS_AND_NUMBER));
        return attribute(StunAttribute.ERROR_CODE, value.put(reason).array());
    }

    /** §14.9. */
    StunWriter unknownAttributes(List<Integer> types) {
        ByteBuffer value = ByteBuffer.allocate(2 * types.size());
        types.forEach(type -> value.putShort(type.shortValue()));
        return attribute(StunAttribute.UNKNOWN_ATTRIBUTES, value.array());
    }

    /**
     * Ends the message with its proofs.
     *
     * @param password null when there is none to prove: then there is only a fingerprint
     */
    byte[] finish(byte @Nullable [] password) {
        if (password != null) {
            attribute(StunAttribute.MESSAGE_INTEGRITY, StunProof.integrity(out.array(), out.position(), password));
        }
        int at = out.position();
        out.putShort(2, (short) (at + 8 - StunMessage.HEADER)); // the fingerprint counts itself
        attribute(
                StunAttribute.FINGERPRINT,
                ByteBuffer.allocate(4)
                        .putInt(StunProof.fingerprint(out.array(), at))
                        .array());
        return Arrays.copyOf(out.array(), out.position());
    }
}
