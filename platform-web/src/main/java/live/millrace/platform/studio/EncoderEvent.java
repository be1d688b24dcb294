// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.jspecify.annotations.Nullable;

/**
 * What the studio knows of the encoder, and the message that keeps it so.
 *
 * @param startedAt when it went live; null while it did not
 * @param program what people call the program that sends; empty while that is not known
 * @param keyId of the key that is in use
 * @param peakViewers the most who watched at once
 * @param warnings keys under {@code studio.warning}
 * @param measured what was found and what is wanted in its place, by warning
 * @param leftOut what the encoder sends and nobody gets
 * @param repairs how often the engine mended something, by keys under {@code studio.repair}
 * @param link how the encoder's packets come through; null where none can be lost
 */
public record EncoderEvent(
        String type,
        LiveState state,
        @Nullable Instant startedAt,
        LiveView.@Nullable Encoder encoder,
        String program,
        @Nullable Long keyId,
        LiveView.@Nullable Video video,
        LiveView.@Nullable Audio audio,
        long bitrate,
        double frameRate,
        long keyIntervalMillis,
        int viewers,
        int peakViewers,
        List<String> warnings,
        Map<String, Measured> measured,
        List<LeftOut> leftOut,
        Map<String, Long> repairs,
        LiveView.@Nullable Link link) {
    /** What is not so good beside what would be. */
    public record Measured(String is, String wanted) {}

    /** Beyond this, a viewer waits long for a first picture and lags far behind. */
    private static final long LONG_KEY_INTERVAL_MILLIS = 4_500;

    /**
     * A part that is left out.
     *
     * @param kind a key under {@code studio.leftout}
     * @param what its codec, for the key's place
     */
    public record LeftOut(String kind, String what) {
        public static LeftOut of(LiveView.LeftOut part) {
            return new LeftOut(
                    (part.video() ? "VIDEO" : "AUDIO") + (part.broken() ? "_BROKEN" : "_UNSUPPORTED"), part.what());
        }
    }

    public static EncoderEvent of(Optional<LiveView> live, StreamHistory history) {
        return live.map(view -> of(view, history.peak(view), history.trouble(view)))
                .orElseGet(() -> new EncoderEvent(
                        "encoder",
                        LiveState.OFFLINE,
                        null,
                        null,
                        "",
                        null,
                        null,
                        null,
                        0,
                        0,
                        0,
                        0,
                        0,
                        List.of(),
                        Map.of(),
                        List.of(),
                        Map.of(),
                        null));
    }

    static EncoderEvent of(LiveView view, int peak, Optional<StreamHistory.Trouble> trouble) {
        LiveView.Encoder encoder = view.encoder();
        List<String> warnings = warnings(view, trouble);
        return new EncoderEvent(
                "encoder",
                view.state(),
                view.liveSince(),
                encoder,
                encoder == null ? "" : EncoderNames.of(encoder.name()),
                view.keyId(),
                view.video(),
                view.audio(),
                view.bitrate(),
                Math.round(view.frameRate() * 10) / 10.0,
                view.keyIntervalMillis(),
                view.viewers(),
                peak,
                warnings,
                measured(view, warnings),
                view.leftOut().stream().map(LeftOut::of).distinct().toList(),
                view.repairs(),
                view.link());
    }

    private static Map<String, Measured> measured(LiveView view, List<String> warnings) {
        Map<String, Measured> found = new LinkedHashMap<>();
        for (String warning : warnings) {
            Measured one = warning.equals("KEY_INTERVAL_LONG")
                    ? new Measured(String.format(Locale.ROOT, "%.1f s", view.maxKeyIntervalMillis() / 1_000.0), "2 s")
                    : Compatibility.measured(warning, view);
            if (one != null) {
                found.put(warning, one);
            }
        }
        return found;
    }

    private static List<String> warnings(LiveView view, Optional<StreamHistory.Trouble> trouble) {
        List<String> warnings = new ArrayList<>();
        trouble.map(Enum::name).ifPresent(warnings::add);
        if (view.encoder() != null && view.maxKeyIntervalMillis() > LONG_KEY_INTERVAL_MILLIS) {
            warnings.add("KEY_INTERVAL_LONG");
        }
        if (view.video() != null && view.audio() == null && view.state() == LiveState.LIVE) {
            warnings.add("NO_AUDIO");
        }
        if (view.unheard() != null) {
            warnings.add("SOUND_UNHEARD");
        }
        warnings.addAll(Compatibility.hints(view));
        return warnings;
    }
}
