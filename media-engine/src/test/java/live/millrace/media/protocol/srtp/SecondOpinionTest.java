// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import static live.millrace.media.protocol.srtp.SrtpPackets.SSRC;
import static live.millrace.media.protocol.srtp.SrtpPackets.hex;
import static live.millrace.media.protocol.srtp.SrtpPackets.protect;
import static live.millrace.media.protocol.srtp.SrtpPackets.protectControl;
import static live.millrace.media.protocol.srtp.SrtpPackets.rtcp;
import static live.millrace.media.protocol.srtp.SrtpPackets.rtp;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.LoggerImpl;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The SRTP of Jitsi opens what we protect, and we what it does; over the end of the numbers. */
class SecondOpinionTest {
    private static final int PACKETS = 40;
    private static final int FIRST = 65_536 - 20;

    /** A packet as Jitsi wants it. */
    private static final class Packet implements ByteArrayBuffer {
        /** Behind the packet, for its tag. */
        private static final int ROOM = 64;

        private byte[] bytes;
        private int length;

        Packet(ByteBuf packet) {
            length = packet.readableBytes();
            bytes = Arrays.copyOf(ByteBufUtil.getBytes(packet), length + ROOM);
        }

        String asHex() {
            return ByteBufUtil.hexDump(bytes, 0, length);
        }

        ByteBuf buffer() {
            return Unpooled.copiedBuffer(bytes, 0, length);
        }

        @Override
        public byte[] getBuffer() {
            return bytes;
        }

        @Override
        public int getOffset() {
            return 0;
        }

        @Override
        public int getLength() {
            return length;
        }

        @Override
        public void setLength(int length) {
            this.length = length;
        }

        @Override
        public void setOffset(int offset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isInvalid() {
            return false;
        }

        @Override
        public void readRegionToBuff(int offset, int count, byte[] out) {
            System.arraycopy(bytes, offset, out, 0, count);
        }

        @Override
        public void grow(int count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length, length + count));
        }

        @Override
        public void append(byte[] data, int count) {
            grow(count);
            System.arraycopy(data, 0, bytes, length, count);
            length += count;
        }

        @Override
        public void shrink(int count) {
            length -= count;
        }
    }

    private static SrtpContextFactory theirs(boolean sender, SrtpProfile profile, byte[] key, byte[] salt) {
        boolean gcm = profile != SrtpProfile.AES_128_CM_HMAC_SHA1_80;
        SrtpPolicy policy = new SrtpPolicy(
                gcm ? SrtpPolicy.AESGCM_ENCRYPTION : SrtpPolicy.AESCM_ENCRYPTION,
                profile.keyLength(),
                gcm ? SrtpPolicy.NULL_AUTHENTICATION : SrtpPolicy.HMACSHA1_AUTHENTICATION,
                gcm ? 0 : 20,
                profile.tagLength(),
                profile.saltLength());
        return new SrtpContextFactory(
                sender, key.clone(), salt.clone(), policy, policy, new LoggerImpl(SecondOpinionTest.class.getName()));
    }

    @ParameterizedTest
    @EnumSource
    void bothAgree(SrtpProfile profile) throws Exception {
        Random random = new Random(profile.id());
        byte[] key = new byte[profile.keyLength()];
        byte[] salt = new byte[profile.saltLength()];
        random.nextBytes(key);
        random.nextBytes(salt);
        SrtpKeys keys = new SrtpKeys(profile, key, salt);
        SrtpSender sender = new SrtpSender(keys);
        SrtpReceiver receiver = new SrtpReceiver(keys);
        SrtpContextFactory sending = theirs(true, profile, key, salt);
        SrtpContextFactory receiving = theirs(false, profile, key, salt);
        SrtpCryptoContext theirSender = sending.deriveContext(SSRC, 0);
        SrtpCryptoContext theirReceiver = receiving.deriveContext(SSRC, 0);
        SrtcpCryptoContext theirControlSender = sending.deriveControlContext(SSRC);
        SrtcpCryptoContext theirControlReceiver = receiving.deriveControlContext(SSRC);
        for (int i = FIRST; i < FIRST + PACKETS; i++) {
            ByteBuf plain = rtp(SSRC, i, i % 7 * 200);
            Packet fromUs = new Packet(protect(sender, plain));
            Packet fromThem = new Packet(plain);
            assertThat(theirSender.transformPacket(fromThem)).isEqualTo(SrtpErrorStatus.OK);
            assertThat(fromUs.asHex()).isEqualTo(fromThem.asHex());
            assertThat(theirReceiver.reverseTransformPacket(fromUs, false)).isEqualTo(SrtpErrorStatus.OK);
            assertThat(fromUs.asHex()).isEqualTo(hex(plain));
            ByteBuf opened = fromThem.buffer();
            assertThat(receiver.unprotect(opened)).isTrue();
            assertThat(hex(opened)).isEqualTo(hex(plain));

            Packet controlFromUs = new Packet(protectControl(sender, rtcp(SSRC)));
            assertThat(theirControlReceiver.reverseTransformPacket(controlFromUs))
                    .isEqualTo(SrtpErrorStatus.OK);
            assertThat(controlFromUs.asHex()).isEqualTo(hex(rtcp(SSRC)));
            Packet controlFromThem = new Packet(rtcp(SSRC));
            assertThat(theirControlSender.transformPacket(controlFromThem)).isEqualTo(SrtpErrorStatus.OK);
            ByteBuf openedControl = controlFromThem.buffer();
            assertThat(receiver.unprotectControl(openedControl)).isTrue();
            assertThat(hex(openedControl)).isEqualTo(hex(rtcp(SSRC)));
        }
        sending.close();
        receiving.close();
    }
}
