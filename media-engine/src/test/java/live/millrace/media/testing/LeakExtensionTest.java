// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.Test;

/** The alarm itself has to ring. */
class LeakExtensionTest {
    @Test
    void aBufferThatNobodyReleasedIsFound() throws Exception {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        PooledByteBufAllocator.DEFAULT.directBuffer(16).writeInt(1);
        assertThat(LeakRecorder.tracked()).isTrue();
        String[] leak = new String[1];
        Wait.until("the leak is found", () -> {
            leak[0] = LeakExtension.find();
            return leak[0] != null;
        });
        assertThat(leak[0]).startsWith("LEAK: ByteBuf").contains("aBufferThatNobodyReleasedIsFound");
        assertThat(LeakExtension.find()).as("reported once").isNull();
    }
}
