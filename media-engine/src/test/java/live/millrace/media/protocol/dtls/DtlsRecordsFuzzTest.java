// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/** What is looked at before the library does: whatever comes, no alert in clear gets by, and no change of keys without its proof. */
class DtlsRecordsFuzzTest {
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int CERTIFICATE_VERIFY = 15;

    @FuzzTest(maxDuration = "60s")
    void anyDatagramIsLookedAt(byte[] datagram) {
        ClientProof proof = new ClientProof();
        boolean passes = proof.passes(datagram);
        if (!DtlsRecords.plausible(datagram)) {
            return;
        }
        ByteBuf in = Unpooled.wrappedBuffer(datagram);
        Set<Integer> came = new HashSet<>();
        boolean proven = false;
        while (in.isReadable()) {
            int type = in.readUnsignedByte();
            in.skipBytes(2);
            boolean clear = in.readUnsignedShort() == 0;
            in.skipBytes(6);
            ByteBuf record = in.readSlice(in.readUnsignedShort());
            assertThat(clear && type == ALERT).as("an alert in clear").isFalse();
            assertThat(clear || record.readableBytes() >= 24)
                    .as("room for what protects it")
                    .isTrue();
            if (clear && type == CHANGE_CIPHER_SPEC && !proven) {
                assertThat(passes).as("a change without its proof").isFalse();
                return;
            }
            if (clear && type == HANDSHAKE) {
                proven |= holdsProof(record, came);
            }
        }
        assertThat(passes).isTrue();
        assertThat(proof.passes(datagram)).as("sent once more").isTrue();
    }

    /** Notes what of a CertificateVerify is among the messages of a record (RFC 6347 §4.2.2); whether all of it has come, as far as it is read. */
    private static boolean holdsProof(ByteBuf record, Set<Integer> came) {
        while (record.readableBytes() >= 12) {
            int type = record.readUnsignedByte();
            int length = record.readUnsignedMedium();
            record.skipBytes(2);
            int offset = record.readUnsignedMedium();
            int fragment = record.readUnsignedMedium();
            if (type == CERTIFICATE_VERIFY) {
                if (length > 4_096) {
                    return true;
                }
                if (fragment <= record.readableBytes() && offset + fragment <= length) {
                    IntStream.range(offset, offset + fragment).forEach(came::add);
                }
                if (IntStream.range(0, length).allMatch(came::contains)) {
                    return true;
                }
            }
            record.skipBytes(Math.min(fragment, record.readableBytes()));
        }
        return false;
    }
}
