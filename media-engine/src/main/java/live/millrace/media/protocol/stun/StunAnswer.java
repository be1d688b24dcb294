// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Writes the answers to binding requests (RFC 8489 §6.3.1). */
public final class StunAnswer {
    private StunAnswer() {}

    /**
     * Yes, and where the request came from.
     *
     * @param password with which the request was proven: ours
     */
    public static void success(StunMessage request, InetSocketAddress from, byte[] password, ByteBuf out) {
        out.writeBytes(new StunWriter(StunClass.SUCCESS, request.transaction())
                .xorMappedAddress(from)
                .finish(password));
    }

    /**
     * No. Who asked may not be who seems to: an answer that is longer than the request is not written.
     *
     * @param password with which the request was proven; null if it was not
     * @return whether it was written
     */
    public static boolean error(StunMessage request, StunError error, byte @Nullable [] password, ByteBuf out) {
        StunWriter writer = new StunWriter(StunClass.ERROR, request.transaction()).error(error);
        if (error == StunError.UNKNOWN_ATTRIBUTE) {
            writer.unknownAttributes(request.unknownRequired());
        }
        byte[] answer = writer.finish(password);
        if (answer.length > request.length()) {
            return false;
        }
        out.writeBytes(answer);
        return true;
    }
}
