// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers to the questions of a connection, taken on its event loop. What a taker throws goes through the pipeline, where it ends the
 * connection as what was read does: a stage would keep it to itself, and the connection would stay open without a word.
 */
public final class Answers {
    private Answers() {}

    /** Takes an answer in a turn of its own. */
    public static <T> void take(
            Channel channel, CompletionStage<T> answer, BiConsumer<@Nullable T, @Nullable Throwable> taker) {
        take(channel, answer, channel.eventLoop(), taker);
    }

    /** Takes an answer before anything else happens, if it comes on the event loop. */
    public static <T> void takeAtOnce(
            Channel channel, CompletionStage<T> answer, BiConsumer<@Nullable T, @Nullable Throwable> taker) {
        EventLoop loop = channel.eventLoop();
        Executor inTurn = task -> {
            if (loop.inEventLoop()) {
                task.run();
            } else {
                loop.execute(task);
            }
        };
        take(channel, answer, inTurn, taker);
    }

    private static <T> void take(
            Channel channel,
            CompletionStage<T> answer,
            Executor on,
            BiConsumer<@Nullable T, @Nullable Throwable> taker) {
        var _ = answer.handleAsync(
                        (value, failure) -> {
                            taker.accept(value, failure);
                            return true;
                        },
                        on)
                .exceptionally(thrown -> {
                    Throwable cause = thrown.getCause();
                    channel.pipeline()
                            .fireExceptionCaught(
                                    thrown instanceof CompletionException && cause != null ? cause : thrown);
                    return false;
                });
    }
}
