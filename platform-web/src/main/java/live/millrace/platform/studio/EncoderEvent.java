// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.jspecify.annotations.Nullable;

/**
 * What the studio knows of the encoder, and the message that keeps it so.
 *
 * @param warnings keys under {@code studio.warning}
 * @param leftOut what the encoder sends and nobody gets
 * @param repairs how often the engine mended something, by keys under {@code studio.repair}
 */
public record EncoderEvent(
        String type,
        LiveState state,
        LiveView.@Nullable Encoder encoder,
        LiveView.@Nullable Video video,
        LiveView.@Nullable Audio audio,
        long bitrate,
        double frameRate,
        long keyIntervalMillis,
        int viewers,
        List<String> warnings,
        List<LeftOut> leftOut,
        Map<String, Long> repairs) {
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

    public static EncoderEvent of(Optional<LiveView> live) {
        return live.map(view -> new EncoderEvent(
                        "encoder",
                        view.state(),
                        view.encoder(),
                        view.video(),
                        view.audio(),
                        view.bitrate(),
                        Math.round(view.frameRate() * 10) / 10.0,
                        view.keyIntervalMillis(),
                        view.viewers(),
                        warnings(view),
                        view.leftOut().stream().map(LeftOut::of).distinct().toList(),
                        view.repairs()))
                .orElseGet(() -> new EncoderEvent(
                        "encoder", LiveState.OFFLINE, null, null, null, 0, 0, 0, 0, List.of(), List.of(), Map.of()));
    }

    private static List<String> warnings(LiveView view) {
        List<String> warnings = new ArrayList<>();
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
