// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import live.millrace.platform.engine.LiveView;
import org.jspecify.annotations.Nullable;

/**
 * What the engine carries and many phones do not play: hints for the streamer, never a reason to refuse. Android asks H.264 Baseline and
 * Main, H.265 Main and VP9 profile 0 of its devices (Compatibility Definition §5.3); Apple's take H.264 up to High, H.265 up to Main 10,
 * and progressive pictures alone (HLS Authoring Specification §1). None of these has 4:2:2 or 4:4:4.
 */
final class Compatibility {
    /** The larger side and the area of 4K: H.264 level 5.1, where hardware decoders end. */
    private static final int LONGEST_SIDE = 4_096;

    private static final long LARGEST_AREA = 4_096L * 2_304;

    private static final int STEREO = 2;
    private static final int TEN_BITS = 10;

    /** Ten bits belong to a profile of their own, which phones lack. */
    private static final Set<String> EIGHT_BITS_ALONE = Set.of("H.264", "VP9");

    /** Dolby's codecs want a licence: Chrome and Firefox have none. */
    private static final Set<String> NOT_IN_EVERY_BROWSER = Set.of("AC-3", "E-AC-3");

    private Compatibility() {}

    /** Keys under {@code studio.warning}. */
    static List<String> hints(LiveView view) {
        List<String> hints = new ArrayList<>();
        LiveView.Video video = view.video();
        if (video != null) {
            if (view.unseen() != null) {
                hints.add("PICTURE_UNSEEN");
            }
            if (video.chroma().equals("4:2:2") || video.chroma().equals("4:4:4")) {
                hints.add("PICTURE_CHROMA");
            }
            if (video.bitDepth() > (EIGHT_BITS_ALONE.contains(video.codec()) ? 8 : TEN_BITS)) {
                hints.add("PICTURE_DEPTH");
            }
            if (video.interlaced()) {
                hints.add("PICTURE_INTERLACED");
            }
            if (Math.max(video.width(), video.height()) > LONGEST_SIDE
                    || (long) video.width() * video.height() > LARGEST_AREA) {
                hints.add("PICTURE_LARGE");
            }
        }
        LiveView.Audio audio = view.audio();
        if (audio != null) {
            if (audio.codec().equals("MP3")) {
                hints.add("SOUND_MP3");
            }
            if (NOT_IN_EVERY_BROWSER.contains(audio.codec())) {
                hints.add("SOUND_DOLBY");
            }
            if (audio.channels() > STEREO) {
                hints.add("SOUND_SURROUND");
            }
        }
        return hints;
    }

    /** What is so, and what all players take; null where a figure would say nothing. */
    static EncoderEvent.@Nullable Measured measured(String hint, LiveView view) {
        LiveView.Video video = view.video();
        LiveView.Audio audio = view.audio();
        if (video != null && hint.startsWith("PICTURE_")) {
            return switch (hint) {
                case "PICTURE_UNSEEN" -> new EncoderEvent.Measured(video.codec(), "H.264");
                case "PICTURE_CHROMA" -> new EncoderEvent.Measured(video.chroma(), "4:2:0");
                case "PICTURE_DEPTH" -> new EncoderEvent.Measured(video.bitDepth() + " bit", "8 bit");
                case "PICTURE_LARGE" -> new EncoderEvent.Measured(video.width() + "×" + video.height(), "3840×2160");
                default -> null;
            };
        }
        if (audio != null && hint.startsWith("SOUND_")) {
            return hint.equals("SOUND_SURROUND")
                    ? new EncoderEvent.Measured(audio.channels() + " ch", "2 ch")
                    : new EncoderEvent.Measured(audio.codec(), "AAC");
        }
        return null;
    }
}
