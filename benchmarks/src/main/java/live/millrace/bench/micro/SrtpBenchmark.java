// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import live.millrace.media.protocol.srtp.SrtpKeys;
import live.millrace.media.protocol.srtp.SrtpProfile;
import live.millrace.media.protocol.srtp.SrtpReceiver;
import live.millrace.media.protocol.srtp.SrtpSender;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to protect a packet of 1,200 bytes for one viewer, and to open it again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SrtpBenchmark {
    private static final int PACKET = 1_200;
    private static final int SEQUENCE_NUMBER_AT = 2;

    @Param({"AES_128_CM_HMAC_SHA1_80", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"})
    private SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;

    private final ByteBuf plain = PooledByteBufAllocator.DEFAULT.directBuffer(PACKET);
    private final ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(2 * PACKET);
    private SrtpSender sender = sender();
    private SrtpReceiver receiver = new SrtpReceiver(keys());
    private int sequenceNumber;

    private SrtpKeys keys() {
        return SrtpKeys.ofServer(profile, new byte[profile.exportLength()]);
    }

    private SrtpSender sender() {
        return new SrtpSender(keys());
    }

    @Setup
    public void keysOfTheProfile() {
        byte[] bytes = new byte[PACKET];
        new Random(1).nextBytes(bytes);
        bytes[0] = (byte) 0x80;
        plain.clear().writeBytes(bytes);
        sender = sender();
        receiver = new SrtpReceiver(keys());
    }

    @TearDown
    public void finish() {
        plain.release();
        out.release();
    }

    @Benchmark
    public boolean protect() {
        plain.setShort(SEQUENCE_NUMBER_AT, sequenceNumber++);
        return sender.protect(plain, out.clear());
    }

    /** Less {@link #protect}, what it costs to open it. */
    @Benchmark
    public boolean protectAndUnprotect() {
        return protect() && receiver.unprotect(out);
    }
}
