// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One that fails costs none of the others. */
class ReleasingTest {
    private static List<ByteBuf> four() {
        return List.of(Unpooled.buffer(1), Unpooled.buffer(1), Unpooled.buffer(1), Unpooled.buffer(1));
    }

    @Test
    void oneThatIsGoneAlreadyDoesNotCostTheOthers() {
        List<ByteBuf> buffers = four();
        buffers.get(0).release();
        buffers.get(2).release();
        assertThatThrownBy(() -> Releasing.all(buffers))
                .isInstanceOf(IllegalReferenceCountException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(buffers).allSatisfy(each -> assertThat(each.refCnt()).isZero());
    }

    @Test
    void whatWasNotHandedOverIsGivenBack() {
        List<ByteBuf> buffers = four();
        List<ByteBuf> taken = new ArrayList<>();
        assertThatThrownBy(() -> Releasing.handOver(
                        buffers,
                        each -> {
                            taken.add(each);
                            if (taken.size() == 2) {
                                throw new IllegalStateException("enough");
                            }
                        },
                        ByteBuf::release))
                .isInstanceOf(IllegalStateException.class);
        assertThat(taken)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.refCnt()).isOne());
        assertThat(buffers.subList(2, 4))
                .allSatisfy(each -> assertThat(each.refCnt()).isZero());
        Releasing.all(taken);
    }
}
