// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongUnaryOperator;
import live.millrace.media.frame.Repair;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;

/** Time stamps as broken, old and tired encoders write them. */
final class ClockCases {
    private static final String AREA = "clock";
    private static final long BORDER = 0xFFFFFF;

    private ClockCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        for (boolean repeats : new boolean[] {true, false}) {
            String habit = repeats ? "repeated in type 3" : "not repeated in type 3";
            starts(cases, "over 2^24 ms (4 h 39 m), extended stamp " + habit, BORDER - 10_000, repeats);
            starts(cases, "over 2^31 ms, extended stamp " + habit, (1L << 31) - 10_000, repeats);
            starts(cases, "over 2^32 ms, extended stamp " + habit, (1L << 32) - 10_000, repeats);
        }
        cases.add(new SurvivalCase(AREA, "an extended stamp that is a delta (type 1)", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                script.send(4, 9, 1, 0, SampleMedia.videoHeader());
                for (int i = 0; i < 400; i++) {
                    script.delta(4, 9, i == 275 ? BORDER + 1 : 40, SampleMedia.picture(i % 50 == 0, 60));
                }
                HlsReader.Playlist playlist = scene.after(script, channel);
                assertThat(scene.repairs(channel, Repair.LINE_CUT)).isEqualTo(1);
                assertThat(playlist.number("TARGETDURATION")).isEqualTo(2);
            }
            return "read as a delta: one cut";
        }));
        jump(cases, "+250 ms", at -> at + 250, 0);
        jump(cases, "-250 ms", at -> at - 250, 0);
        jump(cases, "+1 h", at -> at + 3_600_000, 1);
        jump(cases, "-1 h", at -> at - 3_600_000, 1);
        jump(cases, "back to zero", at -> at - 20_000_000 - 10_000, 1);
        cases.add(new SurvivalCase(AREA, "tracks on different bases", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                new MediaScript(script)
                        .clocks(at -> at, at -> at + 900_000_000)
                        .headers()
                        .both(20);
                HlsReader.Playlist playlist = scene.after(script, channel);
                assertThat(scene.repairs(channel, Repair.LINE_CUT)).isZero();
                assertThat(playlist.durations()).allMatch(length -> Math.round(length) <= 2);
                assertThat(playlist.segments()).hasSize(6);
            }
            return "no cut";
        }));
        cases.add(new SurvivalCase(AREA, "a clock that jumps with every packet", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                boolean[] odd = {false};
                MediaScript media = new MediaScript(script)
                        .clock(at -> {
                            odd[0] = !odd[0];
                            return odd[0] ? at : at + 50_000_000;
                        })
                        .headers();
                ProtocolCases.flood(script, () -> media.both(1), 20);
                scene.awaitTold(channel + " ended PROTOCOL_ERROR");
                script.awaitClose();
            }
            return "six cuts, then Rejected";
        }));
        cases.add(new SurvivalCase(AREA, "an hour of media in a second", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                MediaScript media = new MediaScript(script).headers();
                ProtocolCases.flood(script, () -> media.both(10), 360);
                scene.awaitTold(channel + " ended PROTOCOL_ERROR");
                script.awaitClose();
            }
            return "Rejected after five minutes of it";
        }));
        cases.add(new SurvivalCase(AREA, "key frames nine seconds apart, as fast as they go", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                script.send(4, 9, 1, 0, SampleMedia.videoHeader());
                int[] at = {0};
                ProtocolCases.flood(
                        script, () -> script.send(4, 9, 1, at[0]++ * 9_000L, SampleMedia.picture(true, 60)), 2_000);
                scene.awaitTold(channel + " ended PROTOCOL_ERROR");
                script.awaitClose();
            }
            return "Rejected, no flood of segments";
        }));
        cases.add(new SurvivalCase(AREA, "all stamps zero, in real time", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                MediaScript media = new MediaScript(script).clock(at -> 0).headers();
                long end = System.nanoTime() + 15_000_000_000L;
                while (!scene.hls().playlist(channel).isLive()) {
                    assertThat(System.nanoTime()).isLessThan(end);
                    media.run(40, true, true);
                    java.util.concurrent.locks.LockSupport.parkNanos(40_000_000);
                }
                assertThat(scene.engine().control().stream(channel)).isPresent();
            }
            return "timed by arrival, plays";
        }));
        cases.add(new SurvivalCase(AREA, "composition offsets out of range", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                script.send(4, 9, 1, 0, SampleMedia.videoHeader());
                for (int i = 0; i < 400; i++) {
                    script.send(
                            4,
                            9,
                            1,
                            i * 40L,
                            SampleMedia.picture(i % 50 == 0, 60)
                                    .setMedium(2, i % 3 == 0 ? 0x7FFFFF : i % 3 == 1 ? 0x800000 : 80));
                }
                assertThat(scene.after(script, channel).isLive()).isTrue();
                assertThat(scene.repairs(channel, Repair.COMPOSITION_OFFSET)).isGreaterThan(200);
            }
            return "taken as none, counted";
        }));
        return cases;
    }

    private static void starts(List<SurvivalCase> cases, String name, long start, boolean repeats) {
        cases.add(new SurvivalCase(AREA, name, scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                MediaScript media = new MediaScript(script)
                        .clock(at -> at + start)
                        .repeatExtended(repeats)
                        .headers()
                        .both(8);
                HlsReader.Playlist first = scene.after(script, channel);
                media.both(14);
                HlsReader.Playlist last = scene.after(script, channel);
                assertThat(last.next()).isEqualTo(first.next() + 7);
                assertThat(last.discontinuities()).isEqualTo(first.discontinuities());
                assertThat(last.durations()).containsOnly(2.0);
                assertThat(scene.engine().control().stream(channel)
                                .orElseThrow()
                                .statistics()
                                .repairs())
                        .isEmpty();
            }
            return "nothing repaired";
        }));
    }

    private static void jump(List<SurvivalCase> cases, String name, LongUnaryOperator jump, int cuts) {
        cases.add(new SurvivalCase(AREA, "a jump of " + name.replace("back", "the clock back"), scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                MediaScript media = new MediaScript(script)
                        .clock(at -> at + 20_000_000)
                        .headers()
                        .both(10);
                HlsReader.Playlist before = scene.after(script, channel);
                media.clock(at -> jump.applyAsLong(at + 20_000_000)).both(16);
                HlsReader.Playlist after = scene.after(script, channel);
                assertThat(after.next()).isGreaterThanOrEqualTo(before.next() + 7);
                assertThat(after.discontinuities() - before.discontinuities()).isEqualTo(cuts);
                assertThat(after.durations()).allMatch(length -> Math.round(length) <= 2);
            }
            return String.format(Locale.ROOT, "%d discontinuities", cuts);
        }));
    }
}
