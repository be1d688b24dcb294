// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.ChannelHandlerContext;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import live.millrace.media.socket.Cut;

/**
 * One answer to somebody who may be sent away before it has left: while it is waited for, the refusal is sent in its place, and while it
 * is written, the connection ends. Confined to the event loop, but for the news that somebody is sent away.
 *
 * <pre>
 * AWAITED → WRITTEN → OVER
 *    └─ refused ───────↗
 * </pre>
 */
final class GuardedAnswer {
    private enum State {
        AWAITED,
        WRITTEN,
        OVER
    }

    private final ChannelHandlerContext ctx;
    private final Gate.Passage.Held passage;
    private final Consumer<HttpAnswer> refuse;
    private final Runnable end = this::sentAway;
    private State state = State.AWAITED;

    /**
     * From now on the passage is held.
     *
     * @param refuse sends a refusal
     */
    GuardedAnswer(ChannelHandlerContext ctx, Gate.Passage.Held passage, Consumer<HttpAnswer> refuse) {
        this.ctx = ctx;
        this.passage = passage;
        this.refuse = refuse;
        passage.hold(end);
    }

    /** What the answer depends on, now that its client may have it. */
    Asked by(Asked asked) {
        return asked.by(passage);
    }

    /** The answer is there. True if it is to be written; else it is to be given back, and a refusal is sent or was. */
    boolean comes() {
        if (state == State.AWAITED && !refused()) {
            state = State.WRITTEN;
            return true;
        }
        return false;
    }

    private boolean refused() {
        Optional<HttpAnswer> refusal = passage.revoked();
        refusal.ifPresent(answer -> {
            over();
            refuse.accept(answer);
        });
        return refusal.isPresent();
    }

    /** It has left, or never will. Idempotent. */
    void over() {
        state = State.OVER;
        passage.release(end);
    }

    private void sentAway() {
        try {
            ctx.executor().execute(() -> {
                switch (state) {
                    case AWAITED -> {
                        if (!refused()) {
                            Cut.off(ctx.channel()); // sent away for another reason than the passage's
                        }
                    }
                    case WRITTEN -> Cut.off(ctx.channel());
                    case OVER -> {
                        // the next request has a passage of its own
                    }
                }
            });
        } catch (RejectedExecutionException down) {
            // the engine closes every socket
        }
    }
}
