// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import static live.millrace.media.protocol.srtp.SrtpPackets.SSRC;
import static live.millrace.media.protocol.srtp.SrtpPackets.hex;
import static live.millrace.media.protocol.srtp.SrtpPackets.keys;
import static live.millrace.media.protocol.srtp.SrtpPackets.protect;
import static live.millrace.media.protocol.srtp.SrtpPackets.protectControl;
import static live.millrace.media.protocol.srtp.SrtpPackets.rtcp;
import static live.millrace.media.protocol.srtp.SrtpPackets.rtp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one side protects, the other opens, once (RFC 3711 §3.3 and §3.4). */
class SrtpSessionTest {
    private static void opens(SrtpReceiver receiver, ByteBuf packet, ByteBuf plain) {
        assertThat(receiver.unprotect(packet)).isTrue();
        assertThat(hex(packet)).isEqualTo(hex(plain));
    }

    private static void opensControl(SrtpReceiver receiver, ByteBuf packet, ByteBuf plain) {
        assertThat(receiver.unprotectControl(packet)).isTrue();
        assertThat(hex(packet)).isEqualTo(hex(plain));
    }

    private static void refuses(Predicate<ByteBuf> way, ByteBuf packet, String why) {
        String before = hex(packet);
        assertThat(way.test(packet)).as(why).isFalse();
        assertThat(hex(packet)).as(why).isEqualTo(before);
    }

    /** Without and with contributing sources, an extension of one word and of none, padding, and no payload. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "80e0123489abcdef01020304" + "c0ffee",
                "80e0123489abcdef01020304",
                "8260123489abcdef01020304" + "1111111122222222" + "c0ffee",
                "9060123489abcdef01020304" + "bede000133333333" + "c0ffee",
                "9060123489abcdef01020304" + "bede0000" + "c0ffee",
                "b160123489abcdef01020304" + "11111111" + "abac0001" + "33333333" + "c0ffee" + "0002",
                "9060123489abcdef01020304" + "bede000133333333",
            })
    void headersStayInTheClear(String plain) {
        byte[] bytes = ByteBufUtil.decodeHexDump(plain);
        int header = plain.indexOf("c0ffee") < 0 ? bytes.length : plain.indexOf("c0ffee") / 2;
        for (SrtpProfile profile : SrtpProfile.values()) {
            ByteBuf sealed = protect(new SrtpSender(keys(profile)), Unpooled.wrappedBuffer(bytes));
            assertThat(sealed.readableBytes()).isEqualTo(bytes.length + profile.tagLength());
            assertThat(hex(sealed)).startsWith(plain.substring(0, 2 * header)).doesNotContain("c0ffee");
            opens(new SrtpReceiver(keys(profile)), sealed, Unpooled.wrappedBuffer(bytes));
        }
    }

    /** As a channel reads it, as a viewer shares it, in pieces: what stands around the packet is not touched. */
    @ParameterizedTest
    @EnumSource
    void buffersOfAnyKind(SrtpProfile profile) {
        ByteBuf plain = rtp(SSRC, 1, 1_200);
        ByteBuf pieces = Unpooled.wrappedBuffer(plain.slice(0, 5), plain.slice(5, 20), plain.slice(25, 1_187))
                .asReadOnly();
        ByteBuf out = Unpooled.directBuffer().writeInt(7);
        out.skipBytes(4);
        assertThat(new SrtpSender(keys(profile)).protect(pieces, out)).isTrue();
        assertThat(pieces.readerIndex()).isZero();
        assertThat(hex(pieces)).isEqualTo(hex(plain));
        out.writeInt(8).writerIndex(out.writerIndex() - 4);
        opens(new SrtpReceiver(keys(profile)), out, plain);
        assertThat(out.getInt(0)).isEqualTo(7);
        assertThat(out.getInt(4 + plain.readableBytes() + profile.tagLength())).isEqualTo(8);
        out.release();
    }

    @ParameterizedTest
    @EnumSource
    void aPacketIsOpenedOnce(SrtpProfile profile) {
        SrtpSender sender = new SrtpSender(keys(profile));
        SrtpReceiver receiver = new SrtpReceiver(keys(profile));
        ByteBuf first = protect(sender, rtp(1));
        ByteBuf second = protect(sender, rtp(2));
        opens(receiver, second.copy(), rtp(2));
        refuses(receiver::unprotect, second, "again");
        opens(receiver, first.copy(), rtp(1));
        refuses(receiver::unprotect, first, "again, late");
        ByteBuf control = protectControl(sender, rtcp(SSRC));
        opensControl(receiver, control.copy(), rtcp(SSRC));
        refuses(receiver::unprotectControl, control, "control again");
    }

    /** Nothing of it is believed: the right packet is opened afterwards. */
    @ParameterizedTest
    @EnumSource
    void aChangedBitIsNoticed(SrtpProfile profile) {
        SrtpReceiver receiver = new SrtpReceiver(keys(profile));
        ByteBuf right = protect(new SrtpSender(keys(profile)), rtp(1));
        for (int bit = 0; bit < 8 * right.readableBytes(); bit++) {
            ByteBuf wrong = right.copy();
            wrong.setByte(bit / 8, wrong.getByte(bit / 8) ^ 1 << bit % 8);
            refuses(receiver::unprotect, wrong, "bit " + bit);
        }
        opens(receiver, right, rtp(1));
    }

    @ParameterizedTest
    @EnumSource
    void aChangedBitOfControlIsNoticed(SrtpProfile profile) {
        SrtpReceiver receiver = new SrtpReceiver(keys(profile));
        ByteBuf right = protectControl(new SrtpSender(keys(profile)), rtcp(1));
        for (int bit = 0; bit < 8 * right.readableBytes(); bit++) {
            ByteBuf wrong = right.copy();
            wrong.setByte(bit / 8, wrong.getByte(bit / 8) ^ 1 << bit % 8);
            refuses(receiver::unprotectControl, wrong, "bit " + bit);
        }
        opensControl(receiver, right, rtcp(1));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCutShortIsRefused(SrtpProfile profile) {
        SrtpReceiver receiver = new SrtpReceiver(keys(profile));
        ByteBuf media = protect(new SrtpSender(keys(profile)), rtp(1));
        for (int length = 0; length < media.readableBytes(); length++) {
            refuses(receiver::unprotect, media.copy(0, length), length + " bytes");
        }
        ByteBuf control = protectControl(new SrtpSender(keys(profile)), rtcp(1));
        for (int length = 0; length < control.readableBytes(); length++) {
            refuses(receiver::unprotectControl, control.copy(0, length), length + " bytes of control");
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysOfOthersOpenNothing(SrtpProfile profile) {
        byte[] export = new byte[profile.exportLength()];
        new Random(7).nextBytes(export);
        SrtpSender server = new SrtpSender(SrtpKeys.ofServer(profile, export));
        SrtpReceiver client = new SrtpReceiver(SrtpKeys.ofClient(profile, export));
        refuses(client::unprotect, protect(server, rtp(1)), "of the other direction");
        refuses(client::unprotectControl, protectControl(server, rtcp(1)), "of the other direction");
    }

    /** §3.3.1: twice over the end, every third packet lost, the others in disorder within 64. */
    @ParameterizedTest
    @EnumSource
    void numbersGoRoundWithLossAndDisorder(SrtpProfile profile) {
        SrtpSender sender = new SrtpSender(keys(profile));
        SrtpReceiver receiver = new SrtpReceiver(keys(profile));
        Random random = new Random(1);
        // All around the wraps; between them every 500th packet arrives.
        List<Integer> indexes = IntStream.range(65_300, 3 * 65_536 + 300)
                .filter(index -> (index + 300) % 65_536 < 600 ? index % 3 != 0 : index % 500 == 0)
                .boxed()
                .toList();
        for (int start = 0; start < indexes.size(); start += 64) {
            List<Integer> some = indexes.subList(start, Math.min(start + 64, indexes.size()));
            List<ByteBuf> sent = new ArrayList<>();
            some.forEach(index -> sent.add(protect(sender, rtp(index))));
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, some.size()).boxed().toList());
            // The first has to be the first, as nobody says where the counter stands, and none may leave the window.
            if (start > 0 && some.getLast() - some.getFirst() < ReplayWindow.PACKETS) {
                Collections.shuffle(order, random);
            }
            for (int each : order) {
                opens(receiver, sent.get(each), rtp(some.get(each)));
            }
        }
    }

    /** A peer asks for packets from before the wrap, more than once, and also for the one that was just sent. */
    @ParameterizedTest
    @EnumSource
    void whatIsSentAgainIsTheSame(SrtpProfile profile) {
        SrtpSender sender = new SrtpSender(keys(profile));
        List<String> sent = new ArrayList<>();
        for (int index = 65_500; index < 65_600; index++) {
            sent.add(hex(protect(sender, rtp(index))));
        }
        for (int index : new int[] {65_599, 65_599, 65_500, 65_535, 65_535, 65_536, 65_599}) {
            assertThat(hex(protect(sender, rtp(index)))).isEqualTo(sent.get(index - 65_500));
        }
        SrtpReceiver receiver = new SrtpReceiver(keys(profile));
        for (String packet : sent) {
            assertThat(receiver.unprotect(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(packet))))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOlderThanTheWindowIsRefused(SrtpProfile profile) {
        SrtpSender sender = new SrtpSender(keys(profile));
        SrtpReceiver receiver = new SrtpReceiver(keys(profile));
        ByteBuf tooOld = protect(sender, rtp(1));
        ByteBuf oldest = protect(sender, rtp(2));
        opens(receiver, protect(sender, rtp(2 + ReplayWindow.PACKETS - 1)), rtp(2 + ReplayWindow.PACKETS - 1));
        refuses(receiver::unprotect, tooOld, "older than the window");
        opens(receiver, oldest, rtp(2));
    }

    /** What was forged makes nobody remember a source; what is authentic does, up to a bound. */
    @ParameterizedTest
    @EnumSource
    void sourcesAreBounded(SrtpProfile profile) {
        SrtpReceiver receiver = new SrtpReceiver(keys(profile));
        SrtpSender stranger =
                new SrtpSender(new SrtpKeys(profile, new byte[profile.keyLength()], new byte[profile.saltLength()]));
        SrtpSender sender = new SrtpSender(keys(profile));
        for (int ssrc = 0; ssrc < SrtpSender.MAX_SOURCES; ssrc++) {
            refuses(receiver::unprotect, protect(stranger, rtp(100 + ssrc, 1, 4)), "forged");
            refuses(receiver::unprotectControl, protectControl(stranger, rtcp(100 + ssrc)), "forged");
        }
        for (int ssrc = 0; ssrc < SrtpReceiver.MAX_SOURCES; ssrc++) {
            opens(receiver, protect(sender, rtp(ssrc, 65_535, 4)), rtp(ssrc, 65_535, 4));
            opensControl(receiver, protectControl(sender, rtcp(ssrc)), rtcp(ssrc));
        }
        assertThat(sender.protect(rtp(16, 1, 4), Unpooled.buffer())).isFalse();
        SrtpSender another = new SrtpSender(keys(profile));
        refuses(receiver::unprotect, protect(another, rtp(16, 1, 4)), "one source too many");
        refuses(receiver::unprotectControl, protectControl(sender, rtcp(16)), "one source too many");
        for (int ssrc = 0; ssrc < SrtpReceiver.MAX_SOURCES; ssrc++) {
            opens(receiver, protect(sender, rtp(ssrc, 65_536, 4)), rtp(ssrc, 65_536, 4));
        }
    }

    @ParameterizedTest
    @EnumSource
    void controlMayComeInDisorder(SrtpProfile profile) {
        SrtpSender sender = new SrtpSender(keys(profile));
        SrtpReceiver receiver = new SrtpReceiver(keys(profile));
        List<ByteBuf> sent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sent.add(protectControl(sender, rtcp(SSRC)));
        }
        Collections.shuffle(sent, new Random(1));
        sent.forEach(packet -> opensControl(receiver, packet, rtcp(SSRC)));
        // A report of nobody on nothing: all of it is in the clear.
        ByteBuf least = rtcp(SSRC).slice(0, 8);
        opensControl(receiver, protectControl(sender, least), least);
    }

    /** §3.4: without the bit that says so, a packet is not encrypted, and still has to be authentic. */
    @ParameterizedTest
    @EnumSource
    void controlNeedNotBeEncrypted(SrtpProfile profile) {
        PacketCipher cipher = PacketCipher.of(keys(profile), true);
        ByteBuf plain = rtcp(SSRC);
        cipher.load(plain);
        int length = plain.readableBytes();
        ByteBuf sealed = Unpooled.copiedBuffer(cipher.output, 0, cipher.seal(length, length, SSRC, 5, 5));
        sealed.setBytes(0, cipher.output, 0, sealed.readableBytes());
        assertThat(hex(sealed)).startsWith(hex(plain));
        SrtpReceiver receiver = new SrtpReceiver(keys(profile));
        ByteBuf wrong = sealed.copy();
        wrong.setByte(length - 1, 1);
        refuses(receiver::unprotectControl, wrong, "not authentic");
        opensControl(receiver, sealed.copy(), plain);
        refuses(receiver::unprotectControl, sealed, "again");
    }

    /** §9.2. */
    @ParameterizedTest
    @EnumSource
    void aKeyIsWornOut(SrtpProfile profile) {
        SrtpSender sender = new SrtpSender(
                PacketCipher.of(keys(profile), false), PacketCipher.of(keys(profile), true), 0x7FFF_FFFFL);
        opensControl(new SrtpReceiver(keys(profile)), protectControl(sender, rtcp(1)), rtcp(1));
        ByteBuf out = Unpooled.buffer();
        assertThat(sender.protectControl(rtcp(1), out)).isFalse();
        assertThat(out.isReadable()).isFalse();
        assertThat(PacketIndex.nearest((1L << 48) - 2, 0xFFFF)).isEqualTo((1L << 48) - 1);
        assertThat(PacketIndex.nearest((1L << 48) - 1, 0)).isEqualTo(PacketIndex.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoPacketIsNotProtected(SrtpProfile profile) {
        SrtpSender sender = new SrtpSender(keys(profile));
        ByteBuf out = Unpooled.buffer();
        assertThat(sender.protect(rtp(1).slice(0, 11), out)).as("short").isFalse();
        assertThat(sender.protect(rtp(1).setByte(0, 0x40), out)).as("version 1").isFalse();
        assertThat(sender.protect(rtp(SSRC, 1, 0).setByte(0, 0x81), out))
                .as("contributing sources")
                .isFalse();
        assertThat(sender.protect(rtp(SSRC, 1, 0).setByte(0, 0x90), out))
                .as("extension")
                .isFalse();
        assertThat(sender.protect(rtp(SSRC, 1, 2_037), out)).as("long").isFalse();
        assertThat(sender.protectControl(rtcp(1).slice(0, 7), out)).as("short").isFalse();
        assertThat(sender.protectControl(rtcp(1).writeZero(2_048), out))
                .as("long")
                .isFalse();
        protect(sender, rtp(5));
        assertThat(sender.protect(rtp(65_530), out)).as("before the first").isFalse();
        assertThat(out.isReadable()).isFalse();
        ByteBuf longest = rtp(SSRC, 6, 2_036);
        opens(new SrtpReceiver(keys(profile)), protect(sender, longest), longest);
        refuses(new SrtpReceiver(keys(profile))::unprotect, Unpooled.wrappedBuffer(new byte[4_096]), "long");
        refuses(new SrtpReceiver(keys(profile))::unprotectControl, rtcp(1).writeZero(4_096), "long");
    }

    @Test
    void keysAreHiddenAndOfTheRightLength() {
        assertThat(keys(SrtpProfile.AEAD_AES_128_GCM)).hasToString("SrtpKeys[AEAD_AES_128_GCM, hidden]");
        assertThatThrownBy(() -> new SrtpKeys(SrtpProfile.AEAD_AES_256_GCM, new byte[16], new byte[12]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SrtpKeys(SrtpProfile.AES_128_CM_HMAC_SHA1_80, new byte[16], new byte[12]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SrtpKeys.ofServer(SrtpProfile.AEAD_AES_128_GCM, new byte[60]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(SrtpProfile.ofId(2)).isEmpty();
    }

    /** Nobody opens what was not protected, and whatever was protected is opened. */
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreRefusedAndAnyPacketIsOpened(byte[] bytes) {
        for (SrtpProfile profile : SrtpProfile.values()) {
            SrtpReceiver receiver = new SrtpReceiver(keys(profile));
            refuses(receiver::unprotect, Unpooled.wrappedBuffer(bytes), "any bytes");
            refuses(receiver::unprotectControl, Unpooled.wrappedBuffer(bytes), "any bytes");
            SrtpSender sender = new SrtpSender(keys(profile));
            ByteBuf out = Unpooled.buffer();
            if (sender.protect(Unpooled.wrappedBuffer(bytes), out)) {
                opens(receiver, out, Unpooled.wrappedBuffer(bytes));
            }
            ByteBuf control = Unpooled.buffer();
            if (sender.protectControl(Unpooled.wrappedBuffer(bytes), control)) {
                opensControl(receiver, control, Unpooled.wrappedBuffer(bytes));
            }
        }
    }
}
