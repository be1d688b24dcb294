// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4.movie;

import live.millrace.media.codec.TrackFormat;

/** A track of a file and where its samples are. Read on one thread at a time. */
public final class MovieTrack {
    private final TrackFormat format;
    private final int timescale;
    private final SampleList samples;

    MovieTrack(TrackFormat format, int timescale, SampleList samples) {
        this.format = format;
        this.timescale = timescale;
        this.samples = samples;
    }

    public TrackFormat format() {
        return format;
    }

    /** Units per second of its times in the file. */
    public int timescale() {
        return timescale;
    }

    /** How many samples it has. */
    public int size() {
        return samples.size();
    }

    /** Where a sample is in the file, in bytes. */
    public long offset(int sample) {
        return samples.offset(sample);
    }

    /** How long a sample is, in bytes. */
    public int bytes(int sample) {
        return samples.bytes(sample);
    }

    /** When a sample is decoded: in the track's timescale, on the presentation's time line, so that it may be negative. */
    public long decodeTime(int sample) {
        return samples.decodeTime(sample);
    }

    /** How much later than decoded it is shown. */
    public int compositionTimeOffset(int sample) {
        return samples.compositionTimeOffset(sample);
    }

    /** Decoding may start here, as the file says. */
    public boolean sync(int sample) {
        return samples.sync(sample);
    }

    /** When the last sample ends, likewise. */
    public long end() {
        return samples.end();
    }
}
