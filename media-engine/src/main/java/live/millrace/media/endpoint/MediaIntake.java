// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.Publisher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The media of one publish session between its demuxer and the hub, whatever container it comes in. What cannot be read or carried costs
 * itself alone, is counted, and is named once; only a peer that sends nothing else has to go. Confined to the session's event loop.
 */
public final class MediaIntake implements FrameSink {
    private static final Logger LOG = LoggerFactory.getLogger(MediaIntake.class);

    /** More than this in a row within {@value #MALFORMED_WINDOW_SECONDS} s, and the encoder is broken beyond help. */
    private static final int MAX_MALFORMED = 10;

    private static final int MALFORMED_WINDOW_SECONDS = 10;

    /** A kind of media that was broken so often in a row is left out, not disturbed. */
    private static final int BROKEN_AFTER = 5;

    /** So long nothing but codecs that are not carried may come: the picture may begin later than the sound. */
    private static final long UNSUPPORTED_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** As many tags as five seconds have, for whoever sends them faster. */
    private static final int MAX_UNSUPPORTED = 500;

    /** Names in the log, for each session. */
    private static final int MAX_NAMED = 8;

    private final Publisher publisher;
    private final String peer;
    private final Set<LeftOut> named = new HashSet<>();

    private long frames;
    private int malformedInRow;
    private long malformedSince;
    private int brokenSound;
    private int brokenPictures;
    private int unsupported;
    private long unsupportedSince;
    private @Nullable String lastUnsupported;

    /** @param peer for the log */
    public MediaIntake(Publisher publisher, String peer) {
        this.publisher = publisher;
        this.peer = peer;
    }

    /** Frames that came so far. */
    public long frames() {
        return frames;
    }

    /** Something came that is of a codec that is not carried. */
    public void unsupported(boolean video, String codec) {
        publisher.repaired(Repair.UNSUPPORTED_TAG);
        waitFor(video, codec);
        name(new LeftOut(video, codec, LeftOut.Cause.UNSUPPORTED));
    }

    private void waitFor(boolean video, String codec) {
        if (unsupported++ == 0) {
            unsupportedSince = System.nanoTime();
        }
        lastUnsupported = (video ? "video" : "audio") + " codec " + codec;
    }

    /** Something came that is broken. */
    public void malformed(boolean video, String what) {
        publisher.repaired(Repair.MALFORMED_TAG);
        malformed();
        int inRow = video ? ++brokenPictures : ++brokenSound;
        if (inRow == BROKEN_AFTER) {
            name(new LeftOut(video, what, LeftOut.Cause.BROKEN));
        }
    }

    private void malformed() {
        long now = System.nanoTime();
        if (malformedInRow == 0 || now - malformedSince > TimeUnit.SECONDS.toNanos(MALFORMED_WINDOW_SECONDS)) {
            malformedSince = now;
            malformedInRow = 0;
        }
        malformedInRow++;
    }

    /** Of what came, something could be read. */
    public void readable(boolean video) {
        malformedInRow = 0;
        forgive(video);
    }

    private void forgive(boolean video) {
        if (video) {
            brokenPictures = 0;
        } else {
            brokenSound = 0;
        }
    }

    private void name(LeftOut part) {
        if (named.size() < MAX_NAMED && named.add(part)) {
            LOG.info(
                    "{} from {}: {} is left out, {}: {}",
                    publisher.stream().path(),
                    peer,
                    part.video() ? "a picture" : "sound",
                    part.cause() == LeftOut.Cause.UNSUPPORTED ? "its codec is not carried" : "it is broken",
                    part.what());
            publisher.leftOut(part);
        }
    }

    /** Nothing comes but what cannot be read. */
    public boolean isRubbish() {
        return malformedInRow > MAX_MALFORMED;
    }

    /** The codec that is not carried, when nothing else comes; null while there is hope. */
    public @Nullable String unsupported() {
        boolean waited = unsupported >= MAX_UNSUPPORTED
                || (unsupported > 0 && System.nanoTime() - unsupportedSince > UNSUPPORTED_NANOS);
        return frames == 0 && waited ? lastUnsupported : null;
    }

    @Override
    public void track(Track track) {
        publisher.track(track);
    }

    @Override
    public void frame(MediaFrame frame) {
        frames++;
        readable(frame.track().isVideo());
        publisher.frame(frame);
    }

    /** A demuxer that mends by itself says so here; what it throws away counts as what this would have. */
    @Override
    public void repaired(Repair repair) {
        publisher.repaired(repair);
        if (repair == Repair.MALFORMED_TAG) {
            malformed();
        }
    }

    @Override
    public void leftOut(LeftOut part) {
        if (part.cause() == LeftOut.Cause.UNSUPPORTED) {
            waitFor(part.video(), part.what());
        }
        name(part);
    }
}
