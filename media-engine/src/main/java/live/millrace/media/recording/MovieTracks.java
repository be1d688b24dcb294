// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.container.mp4.movie.MalformedMovieException;
import live.millrace.media.container.mp4.movie.Movie;
import live.millrace.media.container.mp4.movie.MovieReader;
import live.millrace.media.container.mp4.movie.MovieTrack;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;

/** What is taken of a file: its first pictures and its first sound, on one time line that begins at 0. */
final class MovieTracks {
    /** What is shorter leaves nothing when it is recorded either. */
    static final int LEAST_SECONDS = 2;

    static final int MOST_SECONDS = 48 * 3_600;

    /** Samples a second: no camera and no codec has more. */
    private static final int MOST_RATE = 1_000;

    /** Sound that begins earlier than the pictures by more loses its beginning. */
    private static final int MOST_LEAD_SECONDS = 10;

    /** Of the first picture, whatever is rounded. */
    private static final double BEFORE_SOUND = 0.001;

    /** Between a picture that is decoded and the same one shown. */
    private static final long MOST_LATE_SECONDS = 20;

    /** A segment without a random access point is the exception: nobody can begin there. */
    private static final int LONGEST_TARGET_SECONDS = 60;

    /**
     * A track of the file as it is fed; times are in the track's timescale.
     *
     * @param shift from the file's time to that of the recording
     * @param early by how much it is decoded earlier than the file says: shown it is when it says
     */
    record Fed(Track track, MovieTrack movie, long shift, int early) {
        /** When a sample is decoded in the recording. */
        long decodeTime(int sample) {
            return ours(movie.decodeTime(sample)) - early;
        }

        /** When it is shown, likewise. */
        long presentationTime(int sample) {
            return ours(movie.decodeTime(sample) + movie.compositionTimeOffset(sample));
        }

        private long ours(long time) {
            return Timescale.convert(time, movie.timescale(), track.timescale()) + shift;
        }
    }

    /** Pictures first. */
    private final List<Fed> fed = new ArrayList<>();

    private final int targetSeconds;

    private MovieTracks(List<MovieTrack> chosen) throws MovieRefusedException {
        double first = Double.MAX_VALUE;
        double end = 0;
        for (MovieTrack each : chosen) {
            check(each);
            first = Math.min(first, seconds(each, each.decodeTime(0) - advance(each)));
        }
        for (MovieTrack each : chosen) {
            end = Math.max(end, seconds(each, each.end()) - first);
        }
        if (end < LEAST_SECONDS) {
            throw new MovieRefusedException(MovieRefusedException.Reason.TOO_SHORT, end + " s");
        }
        if (end > MOST_SECONDS) {
            throw new MovieRefusedException(MovieRefusedException.Reason.TOO_LONG, end + " s");
        }
        // To a whole millisecond for all of them, so that none moves against another; two more for what is rounded.
        double shift = (Math.ceil(-first * Timescale.MILLIS) + 2) / Timescale.MILLIS;
        for (MovieTrack each : chosen) {
            boolean video = each.format() instanceof TrackFormat.Video;
            double advance = seconds(each, advance(each));
            // Segments begin with a picture: it is decoded before the sound is, and shown when it was to be.
            double lead = video ? seconds(each, each.decodeTime(0)) - advance - first + BEFORE_SOUND : 0;
            Track track = new Track(video ? Track.VIDEO : Track.AUDIO, each.format());
            fed.add(new Fed(track, each, Math.round(shift * track.timescale()), (int)
                    Math.ceil((advance + (lead <= MOST_LEAD_SECONDS ? lead : 0)) * track.timescale())));
        }
        targetSeconds = fed.getFirst().track().isVideo() ? target(fed.getFirst().movie()) : 6;
    }

    /**
     * Reads what a file holds.
     *
     * @throws MovieRefusedException if it is not taken
     */
    static MovieTracks read(SeekableByteChannel file) throws IOException {
        Movie movie;
        try {
            movie = MovieReader.open(file);
        } catch (MalformedMovieException e) {
            throw new MovieRefusedException(reason(e, true), String.valueOf(e.getMessage()));
        }
        List<MovieTrack> chosen = new ArrayList<>();
        for (boolean video : new boolean[] {true, false}) {
            List<MovieTrack> carried = movie.tracks().stream()
                    .filter(each -> each.format() instanceof TrackFormat.Video == video)
                    .toList();
            if (carried.isEmpty()) {
                refuseOthers(movie, video);
            } else {
                chosen.add(carried.getFirst());
            }
        }
        if (chosen.isEmpty()) {
            throw new MovieRefusedException(MovieRefusedException.Reason.NOTHING, "a cover alone");
        }
        long bytes = chosen.stream().mapToLong(MovieTracks::bytes).sum();
        if (bytes > file.size()) {
            // A small file whose samples lie over each other would fill the disk.
            throw new MovieRefusedException(
                    MovieRefusedException.Reason.NO_MOVIE, bytes + " bytes of samples in " + file.size());
        }
        return new MovieTracks(chosen);
    }

    /** Pictures that nobody would see are no video; a cover is nothing to be missed. */
    private static void refuseOthers(Movie movie, boolean video) throws MovieRefusedException {
        for (Movie.LeftOut each : movie.leftOut()) {
            if (each.video() == video && each.samples() > 1) {
                throw new MovieRefusedException(reason(each.why(), video), each.codec());
            }
        }
    }

    private static MovieRefusedException.Reason reason(MalformedMovieException e, boolean video) {
        return switch (e.reason()) {
            case NO_MOVIE -> MovieRefusedException.Reason.NO_MOVIE;
            case NOTHING -> MovieRefusedException.Reason.NOTHING;
            case TOO_LARGE -> MovieRefusedException.Reason.TOO_LARGE;
            case ENCRYPTED -> MovieRefusedException.Reason.ENCRYPTED;
            case CODEC -> video ? MovieRefusedException.Reason.VIDEO_CODEC : MovieRefusedException.Reason.AUDIO_CODEC;
        };
    }

    private static double seconds(MovieTrack track, long time) {
        return (double) time / track.timescale();
    }

    /** How much earlier all are decoded, so that none is shown before. */
    private static int advance(MovieTrack track) {
        int least = 0;
        for (int i = 0; i < track.size(); i++) {
            least = Math.min(least, track.compositionTimeOffset(i));
        }
        return -least;
    }

    private static void check(MovieTrack track) throws MovieRefusedException {
        long before = Long.MIN_VALUE;
        for (int i = 0; i < track.size(); i++) {
            long time = track.decodeTime(i);
            // In fragments it may be anything.
            if (time < before
                    || Math.abs(time) > 2L * MOST_SECONDS * track.timescale()
                    || Math.abs((long) track.compositionTimeOffset(i)) > MOST_LATE_SECONDS * track.timescale()) {
                throw new MovieRefusedException(MovieRefusedException.Reason.TIMES, "sample " + i + " at " + time);
            }
            before = time;
        }
        double length = seconds(track, track.end() - track.decodeTime(0));
        if (track.size() > MOST_RATE && track.size() > length * MOST_RATE) {
            throw new MovieRefusedException(
                    MovieRefusedException.Reason.TIMES, track.size() + " samples in " + length + " s");
        }
    }

    /** The target duration: how far apart key frames are, so that each segment begins with one. */
    private static int target(MovieTrack pictures) throws MovieRefusedException {
        long key = pictures.decodeTime(0);
        long longest = 0;
        long pause = 0;
        for (int i = 1; i < pictures.size(); i++) {
            pause = Math.max(pause, pictures.decodeTime(i) - pictures.decodeTime(i - 1));
            if (pictures.sync(i)) {
                longest = Math.max(longest, pictures.decodeTime(i) - key);
                key = pictures.decodeTime(i);
            }
        }
        double apart = seconds(pictures, Math.max(longest, pictures.end() - key));
        if (apart > LONGEST_TARGET_SECONDS && seconds(pictures, pause) > 1) {
            // After a pause beyond a segment's length the cut waits for the next key frame, and loses what is before
            // it.
            throw new MovieRefusedException(MovieRefusedException.Reason.KEY_FRAMES, apart + " s between key frames");
        }
        return (int) Math.clamp(Math.ceil(apart), LEAST_SECONDS, LONGEST_TARGET_SECONDS);
    }

    /** Pictures first, then sound; one at least. */
    List<Fed> fed() {
        return fed;
    }

    /** No segment is much longer. */
    int targetSeconds() {
        return targetSeconds;
    }

    /** Of all samples. */
    long bytes() {
        return fed.stream().mapToLong(each -> bytes(each.movie())).sum();
    }

    private static long bytes(MovieTrack track) {
        long bytes = 0;
        for (int i = 0; i < track.size(); i++) {
            bytes += track.bytes(i);
        }
        return bytes;
    }
}
