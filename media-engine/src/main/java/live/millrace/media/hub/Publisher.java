// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;

/**
 * A publish session's hold on its live stream. Used on the session's executor alone; what comes after the stream went to
 * somebody else, or ended, is dropped without a word.
 */
public final class Publisher implements FrameSink {
    private final LiveStream stream;
    private final PublishRequest request;

    /** Cleared on the session's executor when the hub takes the stream away. */
    private boolean attached = true;

    Publisher(LiveStream stream, PublishRequest request) {
        this.stream = stream;
        this.request = request;
    }

    public LiveStream stream() {
        return stream;
    }

    PublishRequest request() {
        return request;
    }

    @Override
    public void track(Track track) {
        if (attached) {
            stream.media().track(track);
        }
    }

    @Override
    public void frame(MediaFrame frame) {
        if (attached) {
            stream.media().frame(frame);
        }
    }

    @Override
    public void repaired(Repair repair) {
        if (attached) {
            stream.repaired(repair);
        }
    }

    @Override
    public void leftOut(LeftOut part) {
        if (attached) {
            stream.media().leftOut(part);
        }
    }

    /** How its packets come through, told about once in a second by who can tell. */
    public void link(LinkQuality now) {
        if (attached) {
            stream.media().link(now);
        }
    }

    /** The program behind it says in its media what it is. */
    public void callsItself(String encoder) {
        if (attached) {
            stream.onEncoder(encoder);
        }
    }

    /** The session is over; the stream waits for another. Idempotent. */
    public void end() {
        if (attached) {
            attached = false;
            stream.onPublisherGone(this);
        }
    }

    /** The hub takes the stream away. */
    void detach(PublisherHandle.Reason reason) {
        if (attached) {
            attached = false;
            request.handle().leave(reason);
        }
    }
}
