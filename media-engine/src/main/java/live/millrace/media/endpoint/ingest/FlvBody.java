// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.ingest;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.container.flv.FlvReader;
import live.millrace.media.endpoint.MediaIntake;
import live.millrace.media.endpoint.TagIntake;

/** An FLV file. */
final class FlvBody implements Body {
    private final TagIntake tags;
    private final FlvReader reader = new FlvReader(this::tag);
    private boolean refused;

    FlvBody(MediaIntake media) {
        this.tags = new TagIntake(media);
    }

    private void tag(int type, long millis, ByteBuf body) {
        if (type != FlvReader.SCRIPT) {
            tags.take(type == FlvReader.VIDEO, millis, body);
        }
    }

    @Override
    public String name() {
        return "FLV";
    }

    @Override
    public void take(ByteBuf piece) {
        try {
            reader.take(piece);
        } catch (MalformedMediaException e) {
            if (reader.hasBegun()) {
                throw e;
            }
            refused = true;
        }
    }

    @Override
    public boolean plausible() {
        return !refused;
    }
}
