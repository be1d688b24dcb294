// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.bytes.Releasing;

/** What came of a request's body: kept until somebody takes it, and counted. Confined to its event loop. */
final class RequestBody {
    /** What fits here is waited for until it is whole. */
    private static final int HELD_BYTES = 64 << 10;

    /** Between two looks at how it comes: a phone may change its network meanwhile. */
    static final int LOOK_SECONDS = 15;

    private static final long LEAST_BETWEEN_LOOKS = 15 << 10;

    private final List<HttpContent> held = new ArrayList<>();
    private long received;
    private long atLastLook;
    private boolean whole;

    /** It was kept waiting since the last look, and is not to blame for what did not come. */
    private boolean waited;

    /** Without trailers: they are about the way that they came. */
    static HttpContent alone(HttpContent content) {
        return content instanceof LastHttpContent ? new DefaultLastHttpContent(content.content()) : content;
    }

    /** The next of it came. */
    void comes(HttpContent content) {
        received += content.content().readableBytes();
        whole = content instanceof LastHttpContent;
    }

    /**
     * Keeps what came.
     *
     * @param content owned by this
     */
    void keep(HttpContent content) {
        held.add(content);
    }

    boolean isWhole() {
        return whole;
    }

    /** More came than is waited for. */
    boolean isLarge() {
        return received >= HELD_BYTES;
    }

    /** Bytes so far. */
    long received() {
        return received;
    }

    /** Nobody takes more of it for now. */
    void waits() {
        waited = true;
    }

    /** Whether hardly any of it came since it was asked before, though it might have. */
    boolean hardlyCame() {
        boolean free = !waited;
        long came = received - atLastLook;
        atLastLook = received;
        waited = false;
        return free && came < LEAST_BETWEEN_LOOKS;
    }

    /** Writes what is kept. */
    void writeTo(Channel site) {
        List<HttpContent> early = List.copyOf(held);
        held.clear();
        Releasing.handOver(early, each -> site.write(alone(each)), HttpContent::release);
    }

    void release() {
        List<HttpContent> left = List.copyOf(held);
        held.clear();
        Releasing.all(left);
    }
}
