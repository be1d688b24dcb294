// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The side of a full agent of ICE, as a browser has it: makes checks, and reads their answers.
 *
 * @param ours our user fragment
 * @param theirs that of the server
 * @param password the server's
 */
public record StunClient(String ours, String theirs, String password) {
    /** What browsers send besides: GOOG-NETWORK-INFO. */
    private static final int GOOG_NETWORK_INFO = 0xC057;

    private static final byte[] TIE_BREAKER = {1, 2, 3, 4, 5, 6, 7, 8};

    /** Any transaction. */
    public static byte[] transaction(Random random) {
        byte[] transaction = new byte[StunMessage.TRANSACTION];
        random.nextBytes(transaction);
        return transaction;
    }

    /** A check in the order of Chromium. */
    public ByteBuf check(byte[] transaction, boolean nominate) {
        return request(transaction, StunAttribute.ICE_CONTROLLING, nominate);
    }

    /** The check of a peer that wants us to decide: a conflict. */
    public ByteBuf controlledCheck(byte[] transaction) {
        return request(transaction, StunAttribute.ICE_CONTROLLED, false);
    }

    /** One that names everybody right, and proves nothing. */
    public ByteBuf unprovenCheck(byte[] transaction) {
        return Unpooled.wrappedBuffer(new StunWriter(StunClass.REQUEST, transaction)
                .attribute(StunAttribute.USERNAME, ascii(theirs + ":" + ours))
                .attribute(StunAttribute.ICE_CONTROLLING, TIE_BREAKER)
                .finish(null));
    }

    /** One that asks for more than anybody understands, as many times as it has room for. */
    public ByteBuf strangeCheck(byte[] transaction) {
        StunWriter writer = new StunWriter(StunClass.REQUEST, transaction)
                .attribute(StunAttribute.USERNAME, ascii(theirs + ":" + ours));
        for (int i = 0; i < 10; i++) {
            writer.attribute(0x7F00 + i, new byte[16]);
        }
        return Unpooled.wrappedBuffer(writer.finish(ascii(password)));
    }

    private ByteBuf request(byte[] transaction, int role, boolean nominate) {
        StunWriter writer = new StunWriter(StunClass.REQUEST, transaction)
                .attribute(StunAttribute.USERNAME, ascii(theirs + ":" + ours))
                .attribute(GOOG_NETWORK_INFO, new byte[] {0, 1, 0, 0})
                .attribute(role, TIE_BREAKER);
        if (nominate) {
            writer.attribute(StunAttribute.USE_CANDIDATE, new byte[0]);
        }
        writer.attribute(StunAttribute.PRIORITY, new byte[] {0x6E, 0x00, 0x1E, (byte) 0xFF});
        return Unpooled.wrappedBuffer(writer.finish(ascii(password)));
    }

    /** Whether an answer is to a request, and of the server. */
    public boolean isMine(StunMessage answer, byte[] transaction) {
        return Arrays.equals(answer.transaction(), transaction) && answer.isAuthentic(ascii(password));
    }

    /** Where the server saw us. */
    public static Optional<InetSocketAddress> mappedAddress(StunMessage answer) {
        return answer.value(StunAttribute.XOR_MAPPED_ADDRESS).map(value -> {
            value.get(); // reserved
            byte[] ip = new byte[value.get() == 1 ? 4 : 16];
            int port = (value.getShort() ^ StunMessage.COOKIE >>> 16) & 0xFFFF;
            value.get(ip);
            ByteBuffer mask = ByteBuffer.allocate(16).putInt(StunMessage.COOKIE).put(answer.transaction());
            for (int i = 0; i < ip.length; i++) {
                ip[i] ^= mask.get(i);
            }
            try {
                return new InetSocketAddress(InetAddress.getByAddress(ip), port);
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Why the server refuses. */
    public static OptionalInt errorCode(StunMessage answer) {
        return answer.value(StunAttribute.ERROR_CODE)
                .map(value -> OptionalInt.of(100 * (value.get(2) & 7) + value.get(3)))
                .orElse(OptionalInt.empty());
    }

    /** The attributes that the server does not know. */
    public static List<Integer> unknownAttributes(StunMessage answer) {
        return answer.value(StunAttribute.UNKNOWN_ATTRIBUTES).stream()
                .flatMap(value ->
                        Stream.generate(() -> value.getShort() & 0xFFFF).limit(value.remaining() / 2))
                .toList();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
