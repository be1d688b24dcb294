// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import live.millrace.media.admission.PublishSession;

/**
 * A publish session whose media comes as the bytes of a container, whatever carries them: tells the session what came, and ends the container
 * only between two calls of it. Of a frame that is handed over the hub may end the session at once, while the container is still about to
 * read on. Confined to the session's event loop.
 */
public final class ContainerIntake {
    /** A container whose bytes come in any cuts. */
    public interface Container {
        /**
         * Takes bytes.
         *
         * @param piece borrowed
         * @throws live.millrace.media.codec.MalformedMediaException if nothing behind them can be read
         */
        void take(ByteBuf piece);

        /** Nothing came for {@link live.millrace.media.container.mpegts.TsDemuxer#IDLE_MILLIS}: what looks whole is handed over. */
        default void pause() {}

        /** Nothing comes any more: hands over what is whole, and gives back the rest. Once, and never within another call. */
        default void end() {}
    }

    private final PublishSession session;
    private final MediaIntake media;
    private final Container container;
    private boolean busy;
    private boolean ending;
    private boolean ended;

    /**
     * Makes one for a session.
     *
     * @param peer for the log
     * @param maker makes the container
     */
    public ContainerIntake(PublishSession session, String peer, Function<MediaIntake, ? extends Container> maker) {
        this.session = session;
        this.media = new MediaIntake(session.publisher(), peer);
        this.container = maker.apply(media);
    }

    /** What came of it so far. */
    public MediaIntake media() {
        return media;
    }

    /**
     * Takes bytes; those behind the end are passed over.
     *
     * @param piece borrowed
     * @return whether frames came of them
     * @throws live.millrace.media.codec.MalformedMediaException if nothing behind them can be read
     */
    public boolean take(ByteBuf piece) {
        return counted(() -> container.take(piece));
    }

    /** Nothing came for a moment: a picture may be whole, and is media like any other. */
    public void pause() {
        boolean _ = counted(container::pause);
    }

    /** Nothing comes any more: what is whole is still a part of it. From within a call, behind that. Idempotent. */
    public void end() {
        ending = true;
        if (!busy && !ended) {
            ended = true;
            boolean _ = run(container::end);
        }
    }

    private boolean counted(Runnable call) {
        if (busy || ending || session.over()) {
            return false;
        }
        try {
            return run(call);
        } finally {
            if (ending) {
                end();
            }
        }
    }

    private boolean run(Runnable call) {
        long before = media.frames();
        busy = true;
        try {
            call.run();
        } finally {
            busy = false;
        }
        if (media.frames() == before) {
            return false;
        }
        session.media();
        session.readable();
        return true;
    }
}
