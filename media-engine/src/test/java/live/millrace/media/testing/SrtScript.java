// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A caller of SRT that says what a test wants, packet by packet. */
public final class SrtScript implements AutoCloseable {
    /** The type of a yes. */
    public static final int CONCLUSION = -1;

    /** Of data packets in both directions. */
    public static final int FIRST_SEQUENCE = 100;

    private static final int HEADER = 16;
    private static final int QUIET_MILLIS = 250;
    private static final int RETRANSMITTED = 0x0400_0000;
    private static final int PATIENCE_MILLIS = 10_000;

    /** The caller's own number. */
    private static final int SOCKET = 0x1234;

    private final DatagramSocket socket;
    private final InetSocketAddress server;
    private int peer;

    public SrtScript(int port) throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** A handshake packet; words behind it are its extensions. */
    public static byte[] handshake(int version, int extension, int type, int cookie, byte... extensions) {
        return ByteBuffer.allocate(HEADER + 48 + extensions.length)
                .putInt(0x8000_0000)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt(version)
                .putInt(extension)
                .putInt(FIRST_SEQUENCE)
                .putInt(1_500)
                .putInt(8_192)
                .putInt(type)
                .putInt(SOCKET)
                .putInt(cookie)
                .put(new byte[] {1, 0, 0, 127})
                .put(new byte[12])
                .put(extensions)
                .array();
    }

    /** What a caller of live mode asks for that encrypts, with its message of keys. */
    public static byte[] wishes(String streamId, byte[] keys) {
        byte[] plain = wishes(streamId);
        return ByteBuffer.allocate(plain.length + 4 + keys.length)
                .put(plain)
                .putShort((short) 3)
                .putShort((short) (keys.length / 4))
                .put(keys)
                .array();
    }

    /** What a caller of live mode asks for. */
    public static byte[] wishes(String streamId) {
        byte[] text = streamId.getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, (text.length + 3) / 4 * 4);
        ByteBuffer blocks = ByteBuffer.allocate(16 + 4 + padded.length);
        blocks.putShort((short) 1)
                .putShort((short) 3)
                .putInt(0x0001_0501)
                .putInt(0xBF)
                .putInt(120 << 16 | 120);
        blocks.putShort((short) 5).putShort((short) (padded.length / 4));
        for (int at = 0; at < padded.length; at += 4) {
            for (int i = 3; i >= 0; i--) {
                blocks.put(padded[at + i]);
            }
        }
        return blocks.array();
    }

    public void send(byte[] packet) throws IOException {
        socket.send(new DatagramPacket(packet, packet.length, server));
    }

    /** The next packet; empty when none comes for so long. */
    public Optional<byte[]> receive(int millis) throws IOException {
        socket.setSoTimeout(millis);
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException nothing) {
            return Optional.empty();
        }
        return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    /** The next handshake that is sent to us. */
    public byte[] awaitHandshake() throws IOException {
        while (true) {
            byte[] packet = receive(PATIENCE_MILLIS).orElseThrow(() -> new AssertionError("no answer"));
            if (ByteBuffer.wrap(packet).getInt() == 0x8000_0000) {
                return packet;
            }
        }
    }

    /** Gets a cookie. */
    public int cookie() throws IOException {
        send(handshake(4, 2, 1, 0));
        return ByteBuffer.wrap(awaitHandshake()).getInt(HEADER + 28);
    }

    /** Asks, and tells the type of the answer. */
    public int conclude(String streamId) throws IOException {
        return conclude(wishes(streamId));
    }

    /** The same with any wishes. */
    public int conclude(byte[] wishes) throws IOException {
        send(handshake(5, 7, CONCLUSION, cookie(), wishes));
        byte[] answer = awaitHandshake();
        peer = ByteBuffer.wrap(answer).getInt(HEADER + 24);
        return typeOf(answer);
    }

    public static int typeOf(byte[] handshake) {
        return ByteBuffer.wrap(handshake).getInt(HEADER + 20);
    }

    /** A packet of data. */
    public void data(int sequence, byte[] payload) throws IOException {
        send(ByteBuffer.allocate(HEADER + payload.length)
                .putInt(sequence)
                .putInt(0xC000_0001)
                .putInt(0)
                .putInt(peer)
                .put(payload)
                .array());
    }

    /** From here on for another's connection. */
    public SrtScript as(SrtScript other) {
        peer = other.peer;
        return this;
    }

    /** A control packet of any type. */
    public void control(int type, int... words) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int word : words) {
            body.writeBytes(ByteBuffer.allocate(4).putInt(word).array());
        }
        send(ByteBuffer.allocate(HEADER + body.size())
                .putInt(0x8000_0000 | type << 16)
                .putInt(1)
                .putInt(0)
                .putInt(peer)
                .put(body.toByteArray())
                .array());
    }

    /** Waits for a packet of data. */
    public void awaitData() throws IOException {
        while (true) {
            byte[] packet = receive(PATIENCE_MILLIS).orElseThrow(() -> new AssertionError("no data"));
            if (ByteBuffer.wrap(packet).getInt() >= 0) {
                return;
            }
        }
    }

    /** Takes data until none comes for a moment; tells the number behind the last. */
    public int awaitQuiet() throws IOException {
        awaitData();
        int next = FIRST_SEQUENCE + 1;
        Optional<byte[]> packet = receive(QUIET_MILLIS);
        while (packet.isPresent()) {
            next = Math.max(next, ByteBuffer.wrap(packet.get()).getInt() + 1);
            packet = receive(QUIET_MILLIS);
        }
        return next;
    }

    /** Waits for the goodbye; tells how many packets were sent again before it. */
    public int awaitShutdown() throws IOException {
        int again = 0;
        while (true) {
            ByteBuffer packet =
                    ByteBuffer.wrap(receive(PATIENCE_MILLIS).orElseThrow(() -> new AssertionError("no goodbye")));
            if (packet.getInt() == (0x8000_0000 | 5 << 16)) {
                return again;
            }
            if (packet.getInt(0) >= 0 && (packet.getInt(4) & RETRANSMITTED) != 0) {
                again++;
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
