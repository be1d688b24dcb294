// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtp.payload.PayloadFormats;
import live.millrace.media.protocol.sdp.MediaDescription;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.protocol.sdp.SessionDescription;

/**
 * A medium of a description that is fetched, in one of its formats.
 *
 * @param control of its track, as the description has it; empty where the address of the whole is its own
 */
record OfferedTrack(boolean video, String control, PayloadFormat format) {
    /** Encodings that browsers play: of two tracks with the same sound, cameras offer one for them. */
    private static final Set<String> BETTER = Set.of("MPEG4-GENERIC", "MP4A-LATM", "OPUS");

    private static final int LONGEST_NAME = 32;

    private static final FrameSink NOWHERE = new FrameSink() {
        @Override
        public void track(Track track) {}

        @Override
        public void frame(MediaFrame frame) {}
    };

    int trackId() {
        return video ? Track.VIDEO : Track.AUDIO;
    }

    /**
     * What of a description is fetched: one picture, one sound.
     *
     * @param leftOut takes what is offered and cannot be carried
     */
    static List<OfferedTrack> choose(SessionDescription description, List<LeftOut> leftOut) {
        List<OfferedTrack> chosen = new ArrayList<>();
        choose(description, true, leftOut).ifPresent(chosen::add);
        choose(description, false, leftOut).ifPresent(chosen::add);
        return chosen;
    }

    private static Optional<OfferedTrack> choose(SessionDescription description, boolean video, List<LeftOut> leftOut) {
        List<OfferedTrack> possible = new ArrayList<>();
        List<LeftOut> not = new ArrayList<>();
        for (MediaDescription medium : description.received()) {
            if (!medium.kind().equalsIgnoreCase(video ? "video" : "audio")) {
                continue;
            }
            Optional<OfferedTrack> track = medium.formats().stream()
                    .filter(OfferedTrack::isCarried)
                    .findFirst()
                    .map(format -> new OfferedTrack(video, medium.control().orElse(""), format));
            track.ifPresentOrElse(possible::add, () -> not.add(unsupported(video, medium)));
        }
        if (possible.isEmpty()) {
            leftOut.addAll(not);
        }
        return possible.stream()
                .filter(each -> BETTER.contains(each.format.encoding().toUpperCase(Locale.ROOT)))
                .findFirst()
                .or(() -> possible.stream().findFirst());
    }

    private static boolean isCarried(PayloadFormat format) {
        try {
            PayloadFormats.depacketizer(Track.VIDEO, format, NOWHERE).release();
            return true;
        } catch (UnsupportedMediaException e) {
            return false;
        }
    }

    private static LeftOut unsupported(boolean video, MediaDescription medium) {
        String name = medium.formats().stream()
                .findFirst()
                .map(PayloadFormat::encoding)
                .orElse(video ? "a picture without a name" : "sound without a name");
        String printable = name.replaceAll("[^\\x20-\\x7E]", "?");
        return new LeftOut(
                video, printable.substring(0, Math.min(printable.length(), LONGEST_NAME)), LeftOut.Cause.UNSUPPORTED);
    }
}
