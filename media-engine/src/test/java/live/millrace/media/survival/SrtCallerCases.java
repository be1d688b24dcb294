// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import live.millrace.media.source.Probe;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceFailure;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.SrtScript;

/** Whom we call by SRT, and what it answers. */
final class SrtCallerCases {
    private static final String AREA = "srt caller";
    private static final int HEADER = 16;
    private static final int INDUCTION = 1;

    /** Whoever answers nothing that helps is given up after so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private SrtCallerCases() {}

    /** A listener that says what it likes to whoever calls it. */
    private static final class Listener implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        private SocketAddress caller = socket.getLocalSocketAddress();
        private int callersSocket;

        Listener() throws IOException {}

        int port() {
            return socket.getLocalPort();
        }

        /** Answers each handshake until it is closed. */
        void serve(Manners manners) {
            byte[] room = new byte[2_000];
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(room, room.length);
                    socket.receive(packet);
                    ByteBuffer bytes = ByteBuffer.wrap(room, 0, packet.getLength());
                    if (packet.getLength() < HEADER + 48 || bytes.getInt(0) != 0x8000_0000) {
                        continue;
                    }
                    caller = packet.getSocketAddress();
                    callersSocket = bytes.getInt(HEADER + 24);
                    if (bytes.getInt(HEADER + 20) == INDUCTION) {
                        manners.first(this);
                    } else {
                        manners.conclusion(this);
                    }
                }
            } catch (IOException closed) {
                // the case is over
            }
        }

        /** A packet of SRT or none, for whoever called last. */
        void send(byte[] packet) throws IOException {
            if (packet.length >= HEADER) {
                ByteBuffer.wrap(packet).putInt(12, callersSocket);
            }
            socket.send(new DatagramPacket(packet, packet.length, caller));
        }

        void cookie() throws IOException {
            send(SrtScript.handshake(5, 0x4A17, INDUCTION, 77));
        }

        void yes() throws IOException {
            byte[] wishes = SrtScript.wishes("");
            wishes[1] = 2; // HSRSP
            send(SrtScript.handshake(5, 1, SrtScript.CONCLUSION, 77, wishes));
        }

        void data(int sequence, byte[] payload) throws IOException {
            send(ByteBuffer.allocate(HEADER + payload.length)
                    .putInt(sequence & 0x7FFF_FFFF)
                    .putInt(0xC000_0001)
                    .putInt(0)
                    .putInt(0)
                    .put(payload)
                    .array());
        }

        void control(int type, int... words) throws IOException {
            ByteBuffer packet = ByteBuffer.allocate(HEADER + 4 * words.length)
                    .putInt(0x8000_0000 | type << 16)
                    .putInt(1)
                    .putInt(0)
                    .putInt(0);
            for (int word : words) {
                packet.putInt(word);
            }
            send(packet.array());
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** How it answers. */
    private interface Manners {
        default void first(Listener listener) throws IOException {
            listener.cookie();
        }

        void conclusion(Listener listener) throws IOException;
    }

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        strangers(cases);
        conversations(cases);
        return cases;
    }

    private static void strangers(List<SurvivalCase> cases) {
        cases.add(calls("noise in place of answers", EnumSet.of(SourceFailure.UNREACHABLE), new Manners() {
            private final Random noise = new Random(3);

            @Override
            public void first(Listener listener) throws IOException {
                for (int i = 0; i < 200; i++) {
                    byte[] datagram = new byte[noise.nextInt(1_600)];
                    noise.nextBytes(datagram);
                    if (datagram.length > 0) {
                        datagram[0] |= (byte) 0x81; // whatever it is, it is no handshake
                    }
                    listener.send(datagram);
                }
            }

            @Override
            public void conclusion(Listener listener) {}
        }));
        cases.add(calls("a cookie, and nothing more", EnumSet.of(SourceFailure.UNREACHABLE), _ -> {}));
        cases.add(calls("a cookie for every answer", EnumSet.of(SourceFailure.UNREACHABLE), Listener::cookie));
        cases.add(calls(
                "a conclusion to the first question",
                EnumSet.of(SourceFailure.UNREACHABLE, SourceFailure.NO_MEDIA),
                new Manners() {
                    @Override
                    public void first(Listener listener) throws IOException {
                        listener.yes();
                        listener.cookie();
                    }

                    @Override
                    public void conclusion(Listener listener) {}
                }));
        cases.add(calls("blocks longer than their packet", EnumSet.of(SourceFailure.PROTOCOL), listener -> {
            byte[] block = new byte[16];
            Arrays.fill(block, (byte) 0xFF);
            listener.send(SrtScript.handshake(5, 1, SrtScript.CONCLUSION, 77, block));
        }));
        cases.add(calls("a yes without its terms", EnumSet.of(SourceFailure.PROTOCOL), listener -> {
            listener.send(SrtScript.handshake(5, 0, SrtScript.CONCLUSION, 77));
        }));
        cases.add(calls(
                "keys that nobody asked for",
                EnumSet.of(SourceFailure.WRONG_LOGIN, SourceFailure.PROTOCOL),
                listener -> {
                    byte[] wishes = SrtScript.wishes("", new byte[1_200]);
                    wishes[1] = 2;
                    listener.send(withKeyAnswer(wishes));
                }));
        for (int code : new int[] {1_000, 1_010, 2_404, Integer.MAX_VALUE}) {
            cases.add(calls("a refusal by " + code, EnumSet.allOf(SourceFailure.class), listener -> {
                listener.send(SrtScript.handshake(5, 0, code, 77));
            }));
        }
    }

    /** KMREQ is 3, its answer 4; behind a block of 16 bytes and an empty stream id. */
    private static byte[] withKeyAnswer(byte[] wishes) {
        wishes[21] = 4;
        return SrtScript.handshake(5, 3, SrtScript.CONCLUSION, 77, wishes);
    }

    private static void conversations(List<SurvivalCase> cases) {
        Set<SourceFailure> nothing = EnumSet.of(SourceFailure.NO_MEDIA, SourceFailure.PROTOCOL);
        cases.add(calls("a yes, and silence", nothing, Listener::yes));
        cases.add(calls("no transport stream at all", nothing, listener -> {
            listener.yes();
            for (int i = 0; i < 1_000; i++) {
                listener.data(SrtScript.FIRST_SEQUENCE + i, new byte[1_316]);
            }
        }));
        cases.add(calls("packets numbered at random", nothing, listener -> {
            listener.yes();
            Random numbers = new Random(4);
            for (int i = 0; i < 2_000; i++) {
                listener.data(numbers.nextInt(), new byte[1_316]);
            }
        }));
        cases.add(calls("each second packet of a window", nothing, listener -> {
            listener.yes();
            for (int i = 0; i < 4_000; i++) {
                listener.data(SrtScript.FIRST_SEQUENCE + 2 * i, new byte[188]);
            }
        }));
        cases.add(calls("reports, drops and keys of everything", nothing, listener -> {
            listener.yes();
            for (int i = 0; i < 500; i++) {
                listener.control(2, 0x7FFF_FFFF, 0, 0, 0);
                listener.control(3, 0x8000_0000, 0x7FFF_FFFF);
                listener.control(6, i);
                listener.control(7, 0, 0x7FFF_FFFF);
                listener.control(0x7FFF, i, i, i);
            }
        }));
        cases.add(calls("control packets cut anywhere", nothing, listener -> {
            listener.yes();
            Random bytes = new Random(5);
            for (int i = 0; i < 2_000; i++) {
                int[] words = bytes.ints(i % 9).toArray();
                listener.control(1 + i % 4, words); // none that says goodbye
            }
        }));
    }

    /** A trial ends within its patience, with a reason. */
    private static SurvivalCase calls(String name, Set<SourceFailure> failures, Manners manners) {
        return new SurvivalCase(AREA, name, scene -> {
            scene.engine().sourceGuard().loopback(true);
            try (Listener listener = new Listener()) {
                var _ = Beside.run(() -> listener.serve(manners));
                Probe probe = scene.engine()
                        .sources()
                        .probe(new SourceAddress(
                                URI.create("srt://127.0.0.1:" + listener.port() + "?streamid=yard"),
                                "",
                                "",
                                false,
                                SourceAddress.Reach.PRIVATE,
                                PATIENCE))
                        .toCompletableFuture()
                        .join();
                assertThat(probe.failure()).isPresent();
                assertThat(failures).contains(probe.failure().get());
                return "failed: " + probe.failure().get();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
