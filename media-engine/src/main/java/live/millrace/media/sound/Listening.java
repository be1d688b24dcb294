// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import java.util.function.Consumer;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.hub.LiveStream;
import org.jspecify.annotations.Nullable;

/** Somebody who takes a stream's sound as it is made anew, and shares it with all others who do. Used on the stream's thread. */
public final class Listening {
    private final Converters converters;
    private final LiveStream stream;
    private final Recipe recipe;
    private final Consumer<MediaFrame> taker;
    private @Nullable SharedSound at;

    Listening(Converters converters, LiveStream stream, Recipe recipe, Consumer<MediaFrame> taker) {
        this.converters = converters;
        this.stream = stream;
        this.recipe = recipe;
        this.taker = taker;
    }

    /** Whether the sound can be made of such, now: there are only so many children. */
    public boolean takes(TrackFormat format) {
        return converters.take(recipe, format) && (converters.makes(stream, recipe) || converters.hasPlace());
    }

    /** Takes what is made from now on; what is past is not made anew. Idempotent. */
    public void begin() {
        if (at == null || at.isOver()) {
            at = converters.enter(stream, recipe, this);
        }
    }

    /** Takes no more of it. Idempotent. */
    public void end() {
        SharedSound left = at;
        at = null;
        if (left != null) {
            left.leave(this);
        }
    }

    /** @param frame borrowed */
    void made(MediaFrame frame) {
        taker.accept(frame);
    }
}
