// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import live.millrace.media.endpoint.webrtc.WebrtcTallies.Packet;
import live.millrace.media.endpoint.webrtc.WhepPeer;
import live.millrace.media.endpoint.webrtc.WhipPeer;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.testing.Wait;

/** What peers of WebRTC send once they have keys, and those who only look as if they had. */
final class WebrtcMediaCases {
    private static final String SRTP = "srtp";
    private static final String RTCP = "rtcp";
    private static final int VIDEO = 108;
    private static final int AGAIN = 109;
    private static final String REFERENCE = "/live/" + ReferenceStream.CHANNEL + "/whep";

    private WebrtcMediaCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        forged(cases);
        media(cases);
        reports(cases);
        viewers(cases);
        return cases;
    }

    /** One who is on air. */
    private static final class OnAir {
        private final Scene scene;
        private final WhipPeer peer;
        private final String channel;
        private final AtomicLong millis = new AtomicLong();

        OnAir(Scene scene, WhipPeer peer, String channel) {
            this.scene = scene;
            this.peer = peer;
            this.channel = channel;
        }

        void sends() throws IOException {
            for (int i = 0; i < 6; i++) {
                peer.picture(i == 0, millis.get(), i == 0 ? 4 : 1);
                peer.sound(millis.getAndAdd(40));
            }
        }

        /** Its pictures come as before. */
        void goesOn() throws Exception {
            long before = scene.frames(channel);
            Wait.until("it goes on", () -> {
                sends();
                return scene.frames(channel) > before + 20;
            });
        }

        /** A packet of its own making. */
        void packet(int type, int number, int ssrc, byte[] payload, int times) throws IOException {
            ByteBuf plain = Unpooled.buffer();
            RtpPacket.writeHeader(true, type, number & 0xFFFF, millis.get() * 90, ssrc, plain);
            peer.packet(plain.writeBytes(payload), times);
        }
    }

    private interface Attack {
        String run(Scene scene, OnAir onAir, WhipPeer peer) throws Exception;
    }

    private static SurvivalCase publisher(String area, String name, Attack attack) {
        return new SurvivalCase(area, name, scene -> {
            int before = WebrtcStrangerCases.endpoint(scene).connections();
            String result;
            try (WhipPeer peer = scene.whip()) {
                String channel = scene.channel();
                String session = peer.offers(Scene.KEY + channel);
                peer.connects();
                OnAir onAir = new OnAir(scene, peer, channel);
                onAir.goesOn();
                result = attack.run(scene, onAir, peer);
                assertThat(peer.send("DELETE", session)).isIn(200, 404);
            }
            Wait.until(
                    "nobody is left", () -> WebrtcStrangerCases.endpoint(scene).connections() <= before);
            return result;
        });
    }

    private static void awaitForeign(Scene scene, long more, WhipPeer peer, Sender attack) throws Exception {
        long before = WebrtcStrangerCases.packets(scene, Packet.FOREIGN);
        attack.run();
        peer.checks(true); // behind all of it
        assertThat(WebrtcStrangerCases.packets(scene, Packet.FOREIGN)).isGreaterThanOrEqualTo(before + more);
    }

    private interface Sender {
        void run() throws Exception;
    }

    private static void forged(List<SurvivalCase> cases) {
        cases.add(publisher(SRTP, "each packet 100 times", (scene, onAir, peer) -> {
            awaitForeign(scene, 1_000, peer, () -> {
                for (int i = 0; i < 50; i++) {
                    onAir.packet(VIDEO, 40_000 + i, 0x77, new byte[] {0x41, 0}, 100);
                }
            });
            onAir.goesOn();
            return "taken once";
        }));
        cases.add(publisher(SRTP, "5,000 packets with wrong tags, of media and of control", (scene, onAir, peer) -> {
            Random random = new Random(8);
            awaitForeign(scene, 1_000, peer, () -> {
                for (int i = 0; i < 5_000; i++) {
                    byte[] packet = new byte[12 + random.nextInt(1_400)];
                    random.nextBytes(packet);
                    packet[0] = (byte) 0x80;
                    packet[1] = (byte) (i % 2 == 0 ? VIDEO : 200);
                    peer.datagram(packet);
                }
            });
            onAir.goesOn();
            return "dropped";
        }));
        cases.add(publisher(SRTP, "a sequence number that turned over while nothing was sent", (scene, onAir, peer) -> {
            peer.counts(70_000);
            awaitForeign(scene, 50, peer, () -> {
                for (int i = 0; i < 10; i++) {
                    onAir.sends();
                }
            });
            return "not opened";
        }));
        cases.add(publisher(SRTP, "media of 1,000 sources", (scene, onAir, peer) -> {
            awaitForeign(scene, 500, peer, () -> {
                for (int i = 0; i < 1_000; i++) {
                    ByteBuf plain = Unpooled.buffer();
                    RtpPacket.writeHeader(true, VIDEO, i, 0, 10_000 + i, plain);
                    peer.packetOfAnotherSource(plain.writeByte(0x41).writeZero(20));
                }
            });
            onAir.goesOn();
            return "16 at most";
        }));
        cases.add(publisher(SRTP, "two sources by turns", (scene, onAir, peer) -> {
            for (int i = 0; i < 1_000; i++) {
                onAir.packet(VIDEO, i, 20_000 + i % 2, new byte[] {0x41, (byte) 0x88, 0}, 1);
            }
            onAir.goesOn();
            return "goes on";
        }));
        cases.add(new SurvivalCase(SRTP, "3,000 packets before there are keys, of ten who never have any", scene -> {
            int before = WebrtcStrangerCases.endpoint(scene).connections();
            byte[] packet = new byte[1_400];
            packet[0] = (byte) 0x80;
            packet[1] = VIDEO;
            for (int i = 0; i < 10; i++) {
                try (WhipPeer peer = scene.whip()) {
                    String session = peer.offers(Scene.KEY + scene.channel());
                    peer.checks(true);
                    for (int j = 0; j < 300; j++) {
                        peer.datagram(packet);
                    }
                    peer.checks(true);
                    peer.send("DELETE", session);
                }
            }
            Wait.until(
                    "nobody is left", () -> WebrtcStrangerCases.endpoint(scene).connections() <= before);
            return "let go of";
        }));
    }

    private static void media(List<SurvivalCase> cases) {
        cases.add(publisher(SRTP, "what was never sent, once more", (scene, onAir, peer) -> {
            Random random = new Random(9);
            for (int i = 0; i < 2_000; i++) {
                byte[] payload = new byte[random.nextInt(100)];
                random.nextBytes(payload);
                onAir.packet(AGAIN, i, 0x99, payload, 1);
            }
            onAir.goesOn();
            return "goes on";
        }));
        cases.add(publisher(SRTP, "heads that do not hold what they say", (scene, onAir, peer) -> {
            for (int i = 0; i < 2_000; i++) {
                ByteBuf plain = Unpooled.buffer();
                RtpPacket.writeHeader(true, i % 128, i, 0, 0x55, plain);
                plain.setByte(0, 0x80 | (i % 2 == 0 ? 0x2F : 0x30));
                plain.writeZero(60).writeByte(i);
                peer.packet(plain, 1);
            }
            onAir.goesOn();
            return "goes on";
        }));
        cases.add(publisher(SRTP, "5,000 packets of a picture that never ends", (scene, onAir, peer) -> {
            byte[] part = new byte[1_200];
            for (int i = 0; i < 5_000; i++) {
                part[0] = 0x7C;
                part[1] = (byte) (i == 0 ? 0x85 : 0x05);
                ByteBuf plain = Unpooled.buffer();
                RtpPacket.writeHeader(false, VIDEO, 30_000 + i, 0, 0x66, plain);
                peer.packet(plain.writeBytes(part), 1);
            }
            peer.checks(true);
            return "bounded";
        }));
        cases.add(publisher(SRTP, "5,000 packets of noise as pictures", (scene, onAir, peer) -> {
            Random random = new Random(10);
            byte[] payload = new byte[400];
            for (int i = 0; i < 5_000; i++) {
                random.nextBytes(payload);
                onAir.packet(VIDEO, random.nextInt(65_536), WhipPeer.VIDEO_SSRC, payload, 1);
            }
            return "bounded";
        }));
    }

    private static void reports(List<SurvivalCase> cases) {
        cases.add(publisher(RTCP, "compounds of absurd lengths", (scene, onAir, peer) -> {
            long before = WebrtcStrangerCases.packets(scene, Packet.MALFORMED);
            String[] heads = {
                "80c8ffff00000001",
                "9fc8000100000001",
                "bfc9000100000001",
                "9fca0001000000010000",
                "9fcb000100000001",
                "81cd000100000001",
                "8fcd0005000000010000000200010fff0000000000007fff",
                "80c90001000000010000",
                "80c9000000000001" + "80c90000".repeat(200)
            };
            for (int i = 0; i < 200; i++) {
                for (String each : heads) {
                    peer.control(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(each)));
                }
            }
            peer.checks(true);
            assertThat(WebrtcStrangerCases.packets(scene, Packet.MALFORMED)).isGreaterThan(before + 100);
            onAir.goesOn();
            return "passed over";
        }));
        cases.add(publisher(RTCP, "2,000 goodbyes of everybody", (scene, onAir, peer) -> {
            for (int i = 0; i < 2_000; i++) {
                peer.control(written(new RtcpPacket.Goodbye(List.of(WhipPeer.VIDEO_SSRC, i))));
            }
            onAir.goesOn();
            return "goes on";
        }));
        cases.add(publisher(RTCP, "reports of a clock that jumps about", (scene, onAir, peer) -> {
            Random random = new Random(11);
            for (int i = 0; i < 500; i++) {
                peer.control(written(new RtcpPacket.SenderReport(
                        WhipPeer.VIDEO_SSRC, random.nextLong(), random.nextInt() & 0xFFFF_FFFFL, 0, 0, List.of())));
                onAir.sends();
            }
            peer.checks(true);
            return "goes on, or is ended";
        }));
        cases.add(publisher(RTCP, "a viewer's words of a publisher: questions and feedback", (scene, onAir, peer) -> {
            List<Integer> all = IntStream.range(0, 4_000).boxed().toList();
            for (int i = 0; i < 500; i++) {
                peer.control(written(
                        new RtcpPacket.Nack(1, WhipPeer.VIDEO_SSRC, all.subList(0, 1_000)),
                        new RtcpPacket.PictureLoss(1, 2),
                        new RtcpPacket.TransportFeedback(1, 2, i, Collections.nCopies(4_000, -1L), i & 0xFF)));
            }
            onAir.goesOn();
            return "passed over";
        }));
    }

    private static ByteBuf written(RtcpPacket... packets) {
        ByteBuf plain = Unpooled.buffer();
        RtcpCompound.write(List.of(packets), plain);
        return plain;
    }

    private interface Watching {
        String run(Scene scene, WhepPeer viewer) throws Exception;
    }

    private static SurvivalCase viewer(String name, Watching watching) {
        return new SurvivalCase(RTCP, name, scene -> {
            int before = WebrtcStrangerCases.endpoint(scene).connections();
            String result;
            try (WhepPeer viewer = scene.whep()) {
                String session = viewer.watches(REFERENCE);
                Wait.until("pictures come", () -> viewer.came(WhepPeer.VIDEO).size() > 5);
                result = watching.run(scene, viewer);
                int then = viewer.came.size();
                Wait.until("pictures go on", () -> viewer.came.size() > then + 5);
                assertThat(viewer.send("DELETE", session)).isEqualTo(200);
            }
            Wait.until(
                    "nobody is left", () -> WebrtcStrangerCases.endpoint(scene).connections() <= before);
            return result;
        });
    }

    private static long bytes(WhepPeer viewer, int type) {
        return viewer.came(type).stream()
                .mapToLong(each -> each.payload().readableBytes())
                .sum();
    }

    private static void viewers(List<SurvivalCase> cases) {
        cases.add(viewer("a viewer who asks for everything once more, 2,000 times", (scene, viewer) -> {
            int ssrc = viewer.ssrc();
            for (int i = 0; i < 2_000; i++) {
                int first = viewer.came(WhepPeer.VIDEO).getFirst().sequenceNumber();
                viewer.says(new RtcpPacket.Nack(
                        1,
                        ssrc,
                        IntStream.range(first, first + 200)
                                .map(each -> each & 0xFFFF)
                                .boxed()
                                .toList()));
            }
            // A fifth of what is sent, and what may be saved up.
            Wait.until("some came again", () -> bytes(viewer, WhepPeer.AGAIN) > 0);
            long again = bytes(viewer, WhepPeer.AGAIN);
            assertThat(again).isLessThan(bytes(viewer, WhepPeer.VIDEO) / 5 + (64 << 10) + 2_000);
            return again + " bytes came again";
        }));
        cases.add(viewer("a viewer who tells of arrivals that never were, 1,000 times", (scene, viewer) -> {
            for (int i = 0; i < 1_000; i++) {
                viewer.says(new RtcpPacket.TransportFeedback(
                        1, viewer.ssrc(), i * 7, Collections.nCopies(4_000, (long) i), i & 0xFF));
            }
            return "goes on";
        }));
        cases.add(new SurvivalCase(RTCP, "2,000 viewers' wishes for a picture reach a publisher as a few", scene -> {
            int before = WebrtcStrangerCases.endpoint(scene).connections();
            try (WhipPeer peer = scene.whip();
                    WhepPeer viewer = scene.whep()) {
                String channel = scene.channel();
                String session = peer.offers(Scene.KEY + channel);
                peer.connects();
                OnAir onAir = new OnAir(scene, peer, channel);
                onAir.goesOn();
                viewer.watches("/live/" + channel + "/whep");
                Wait.until("pictures come", () -> !viewer.came(WhepPeer.VIDEO).isEmpty());
                long start = System.nanoTime();
                long asked = wishes(peer);
                for (int i = 0; i < 1_000; i++) {
                    viewer.says(
                            new RtcpPacket.PictureLoss(1, viewer.ssrc()),
                            new RtcpPacket.FullIntraRequest(1, viewer.ssrc(), i & 0xFF));
                }
                onAir.goesOn();
                long halves = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 500;
                assertThat(wishes(peer) - asked).isBetween(0L, halves + 2);
                peer.send("DELETE", session);
            }
            Wait.until(
                    "nobody is left", () -> WebrtcStrangerCases.endpoint(scene).connections() <= before);
            return "two a second at most";
        }));
    }

    private static long wishes(WhipPeer peer) {
        return peer.heard.stream()
                .filter(RtcpPacket.PictureLoss.class::isInstance)
                .count();
    }
}
