// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.handshake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.OptionalInt;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The digests inside C1, S1 and S2 that Flash Player and FFmpeg know. A 1,536-byte block holds a 32-byte HMAC-SHA256 of
 * its other 1,504 bytes, at a place that four of its bytes tell; there are two layouts.
 */
final class HandshakeDigest {
    static final int LENGTH = 32;

    private static final byte[] CLIENT_KEY = "Genuine Adobe Flash Player 001".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVER_TEXT =
            "Genuine Adobe Flash Media Server 001".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVER_TAIL = {
        (byte) 0xF0,
        (byte) 0xEE,
        (byte) 0xC2,
        0x4A,
        (byte) 0x80,
        0x68,
        (byte) 0xBE,
        (byte) 0xE8,
        0x2E,
        0x00,
        (byte) 0xD0,
        (byte) 0xD1,
        0x02,
        (byte) 0x9E,
        0x7E,
        0x57,
        0x6E,
        (byte) 0xEC,
        0x5D,
        0x2D,
        0x29,
        (byte) 0x80,
        0x6F,
        (byte) 0xAB,
        (byte) 0x93,
        (byte) 0xB8,
        (byte) 0xE6,
        0x36,
        (byte) 0xCF,
        (byte) 0xEB,
        0x31,
        (byte) 0xAE
    };

    /** Where the digest's place is told, and where the places start. */
    private static final int[][] LAYOUTS = {{8, 12}, {772, 776}};

    private HandshakeDigest() {}

    /** The place of a valid digest in a client's block; empty for a simple handshake. */
    static OptionalInt find(byte[] c1) {
        for (int[] layout : LAYOUTS) {
            int at = place(c1, layout[0], layout[1]);
            byte[] digest = Arrays.copyOfRange(c1, at, at + LENGTH);
            if (MessageDigest.isEqual(digest, over(c1, at, CLIENT_KEY))) {
                return OptionalInt.of(at);
            }
        }
        return OptionalInt.empty();
    }

    /** Puts the server's digest into S1, in the layout that the client used. */
    static void sign(byte[] s1, int clientPlace) {
        int[] layout = LAYOUTS[clientPlace >= LAYOUTS[1][1] ? 1 : 0];
        int at = place(s1, layout[0], layout[1]);
        System.arraycopy(over(s1, at, SERVER_TEXT), 0, s1, at, LENGTH);
    }

    /** The last 32 bytes of S2: keyed with the client's digest under the server's full key. */
    static byte[] response(byte[] s2, byte[] clientDigest) {
        byte[] fullKey = Arrays.copyOf(SERVER_TEXT, SERVER_TEXT.length + SERVER_TAIL.length);
        System.arraycopy(SERVER_TAIL, 0, fullKey, SERVER_TEXT.length, SERVER_TAIL.length);
        return hmac(hmac(fullKey, clientDigest), Arrays.copyOf(s2, s2.length - LENGTH));
    }

    private static int place(byte[] block, int tellAt, int start) {
        int sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += block[tellAt + i] & 0xFF;
        }
        return sum % 728 + start;
    }

    private static byte[] over(byte[] block, int at, byte[] key) {
        byte[] rest = new byte[block.length - LENGTH];
        System.arraycopy(block, 0, rest, 0, at);
        System.arraycopy(block, at + LENGTH, rest, at, rest.length - at);
        return hmac(key, rest);
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }
}
