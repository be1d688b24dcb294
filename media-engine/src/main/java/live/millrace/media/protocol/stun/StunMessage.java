// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A message that was read (RFC 8489 §5). What it says is worth nothing before it {@link #isAuthentic}. Of an attribute that comes more than
 * once the first counts; what stands between the MESSAGE-INTEGRITY and the FINGERPRINT does not (§14.5).
 */
public final class StunMessage {
    /** The method of all that ICE asks. */
    public static final int BINDING = 1;

    /** In bytes: a message has to fit into any packet (§6.1). */
    public static final int MAX_LENGTH = 548;

    /** A check of ICE has eight. */
    public static final int MAX_ATTRIBUTES = 16;

    static final int HEADER = 20;
    static final int COOKIE = 0x2112_A442;
    static final int TRANSACTION = 12;
    static final int TRANSACTION_AT = 8;
    private static final int ATTRIBUTE_HEADER = 4;

    /** The highest first byte: the two bits above a type are 0 (RFC 7983 §7). */
    private static final int HIGHEST_FIRST = 3;

    private record Attribute(int type, int at, int length) {}

    private final byte[] bytes;
    private final List<Attribute> attributes;

    /** Where the attribute begins; 0 for none. */
    private final int integrityAt;

    private final boolean fingerprint;

    private StunMessage(byte[] bytes, List<Attribute> attributes, int integrityAt, boolean fingerprint) {
        this.bytes = bytes;
        this.attributes = attributes;
        this.integrityAt = integrityAt;
        this.fingerprint = fingerprint;
    }

    /** Whether a datagram is STUN and not DTLS, RTP or RTCP (RFC 7983, RFC 8489 §6.3); reads without moving the index. */
    public static boolean isStun(ByteBuf datagram) {
        int start = datagram.readerIndex();
        int length = datagram.readableBytes() - HEADER;
        return length >= 0
                && datagram.getUnsignedByte(start) <= HIGHEST_FIRST
                && datagram.getInt(start + 4) == COOKIE
                && length % 4 == 0
                && length == datagram.getUnsignedShort(start + 2);
    }

    /**
     * Reads a message to the end of the buffer, which is borrowed.
     *
     * @throws MalformedStunException if it is none, is longer than {@value #MAX_LENGTH} bytes, has more than {@value #MAX_ATTRIBUTES}
     *     attributes, or is not as its fingerprint says
     */
    public static StunMessage parse(ByteBuf in) {
        if (!isStun(in) || in.readableBytes() > MAX_LENGTH) {
            throw new MalformedStunException("no STUN message, or one of more than " + MAX_LENGTH + " bytes");
        }
        byte[] bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        ByteBuffer message = ByteBuffer.wrap(bytes);
        List<Attribute> attributes = new ArrayList<>();
        int integrityAt = 0;
        int at = HEADER;
        for (int count = 0; at < bytes.length; count++) {
            if (count == MAX_ATTRIBUTES) {
                throw new MalformedStunException("more than " + MAX_ATTRIBUTES + " attributes");
            }
            int type = message.getShort(at) & 0xFFFF; // there are four bytes left, all lengths are multiples of them
            int length = message.getShort(at + 2) & 0xFFFF;
            int value = at + ATTRIBUTE_HEADER;
            int next = value + (length + 3 & ~3);
            int wanted = StunAttribute.length(type);
            if (next > bytes.length || (wanted != StunAttribute.ANY_LENGTH && wanted != length)) {
                throw new MalformedStunException("attribute " + type + " of " + length + " bytes");
            }
            if (type == StunAttribute.FINGERPRINT) {
                if (next != bytes.length || message.getInt(value) != StunProof.fingerprint(bytes, at)) {
                    throw new MalformedStunException("another fingerprint");
                }
                return new StunMessage(bytes, attributes, integrityAt, true);
            }
            if (integrityAt == 0) {
                attributes.add(new Attribute(type, value, length));
                integrityAt = type == StunAttribute.MESSAGE_INTEGRITY ? at : 0;
            }
            at = next;
        }
        return new StunMessage(bytes, attributes, integrityAt, false);
    }

    /** What is asked or answered: 12 bits whose places are between those of the class (§5). */
    public int method() {
        int type = type();
        return (type & 0x000F) | (type & 0x00E0) >> 1 | (type & 0x3E00) >> 2;
    }

    /** Whether it is a request, or what kind of answer. */
    public StunClass messageClass() {
        return StunClass.of(type());
    }

    /** Whether it is a request that ICE makes. */
    public boolean isBindingRequest() {
        return method() == BINDING && messageClass() == StunClass.REQUEST;
    }

    private int type() {
        return ByteBuffer.wrap(bytes).getShort(0);
    }

    /** In bytes. */
    public int length() {
        return bytes.length;
    }

    /** The 12 bytes that request and answer have in common; a copy. */
    public byte[] transaction() {
        return Arrays.copyOfRange(bytes, TRANSACTION_AT, HEADER);
    }

    /** Whom a check of ICE is for, and whose it is; empty if it does not say so in printable ASCII. */
    public Optional<StunUsername> username() {
        return value(StunAttribute.USERNAME).flatMap(value -> {
            String text = StandardCharsets.US_ASCII.decode(value).toString();
            int colon = text.indexOf(':');
            return colon < 0 || !text.chars().allMatch(c -> c > ' ' && c < 0x7F)
                    ? Optional.empty()
                    : Optional.of(new StunUsername(text.substring(0, colon), text.substring(colon + 1)));
        });
    }

    /** Of the candidate that the peer would be if it were unknown (RFC 8445 §7.1.1); 32 bits, unsigned. */
    public OptionalLong priority() {
        return value(StunAttribute.PRIORITY)
                .map(value -> OptionalLong.of(value.getInt() & 0xFFFF_FFFFL))
                .orElse(OptionalLong.empty());
    }

    /** Whether the peer wants to use these addresses (§7.1.2). */
    public boolean useCandidate() {
        return value(StunAttribute.USE_CANDIDATE).isPresent();
    }

    /** The number that breaks ties, of a peer that wants to decide (§7.1.3). */
    public OptionalLong controlling() {
        return tieBreaker(StunAttribute.ICE_CONTROLLING);
    }

    /** The number that breaks ties, of a peer that leaves it to us. */
    public OptionalLong controlled() {
        return tieBreaker(StunAttribute.ICE_CONTROLLED);
    }

    private OptionalLong tieBreaker(int type) {
        return value(type).map(value -> OptionalLong.of(value.getLong())).orElse(OptionalLong.empty());
    }

    /** The types of attributes without which a message is not understood, and that we do not know (RFC 8489 §6.3.1). */
    public List<Integer> unknownRequired() {
        return attributes.stream()
                .map(Attribute::type)
                .filter(type -> !StunAttribute.isUnderstood(type))
                .distinct()
                .toList();
    }

    /**
     * Whether whoever sent it knows a password, and nobody changed it: its MESSAGE-INTEGRITY is right, and there is a FINGERPRINT, as ICE
     * wants it (RFC 8445 §7.1). How long it takes does not tell how much of it is right.
     */
    public boolean isAuthentic(byte[] password) {
        if (integrityAt == 0 || !fingerprint) {
            return false;
        }
        int value = integrityAt + ATTRIBUTE_HEADER;
        return MessageDigest.isEqual(
                Arrays.copyOfRange(bytes, value, value + StunProof.INTEGRITY),
                StunProof.integrity(bytes, integrityAt, password));
    }

    /** The value of the first attribute of a type. */
    Optional<ByteBuffer> value(int type) {
        return attributes.stream()
                .filter(attribute -> attribute.type() == type)
                .findFirst()
                .map(attribute -> ByteBuffer.wrap(bytes, attribute.at(), attribute.length())
                        .slice()
                        .asReadOnlyBuffer());
    }

    /** Names nobody: what it holds is the peer's. */
    @Override
    public String toString() {
        return messageClass() + " of method " + method() + ", " + bytes.length + " bytes";
    }
}
