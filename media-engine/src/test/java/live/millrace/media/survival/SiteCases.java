// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.container.mpegts.TsReader;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;

/** What a site sees on a busy evening: many streams at once, answers that come too late, viewers that come too early. */
final class SiteCases {
    private static final String AREA = "site";

    private SiteCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        cases.add(new SurvivalCase(AREA, "20 watched streams of 14 segments each", SiteCases::keepTheDisk));
        cases.add(new SurvivalCase(AREA, "a yes after the peer left", scene -> {
            long before = scene.countTold("refused PEER_LEFT");
            try (RtmpScript script = asking(scene, Scene.SLOW_KEY)) {
                Wait.until("it is asked", () -> scene.question() != null);
                assertThat(script.socket().isConnected()).isTrue();
            }
            Wait.until("it is told", () -> scene.countTold("refused PEER_LEFT") == before + 1);
            assertThat(scene.question()).isCancelled();
            return "whoever was asked hears of it";
        }));
        cases.add(new SurvivalCase(AREA, "a yes for a name that cannot be", scene -> {
            long before = scene.engine().publishTallies().refusals().of(RefusalCause.BAD_NAME);
            long told = scene.countTold("refused BAD_NAME");
            try (RtmpScript script = asking(scene, Scene.NAMELESS_KEY)) {
                script.awaitClose();
            }
            Wait.until("it is told", () -> scene.countTold("refused BAD_NAME") == told + 1);
            assertThat(scene.engine().publishTallies().refusals().of(RefusalCause.BAD_NAME))
                    .isEqualTo(before + 1);
            return "closed, refused once";
        }));
        cases.add(new SurvivalCase(AREA, "an encoder whose clock is 10 % fast", SiteCases::followTheClock));
        cases.add(new SurvivalCase(AREA, "a second segment that is asked for early", SiteCases::beginWithKeyFrames));
        return cases;
    }

    private static RtmpScript asking(Scene scene, String key) throws Exception {
        RtmpScript script = scene.connected();
        script.command(0, "createStream", 4, AmfValue.NULL);
        script.command(1, "publish", 5, AmfValue.NULL, AmfValue.of(key));
        return script;
    }

    /** Deletions that are due in a minute are no queue: with some hundred of them segments would stay in memory. */
    private static String keepTheDisk(Scene scene) throws Exception {
        int segments = 14;
        List<RtmpScript> scripts = new ArrayList<>();
        Set<String> before = scene.segmentsOnDisk();
        Set<String> written = new HashSet<>();
        try {
            for (int i = 1; i <= 20; i++) {
                String channel = scene.channel();
                RtmpScript script = scene.publisher(channel);
                scripts.add(script);
                new MediaScript(script).headers().both(2 * segments + 1);
                assertThat(scene.after(script, channel).isLive()).isTrue();
                int expected = i * segments;
                Wait.until("all segments are on the disk", () -> {
                    written.addAll(scene.segmentsOnDisk());
                    written.removeAll(before);
                    return written.size() >= expected;
                });
            }
        } finally {
            for (RtmpScript script : scripts) {
                script.close();
            }
        }
        return "all on the disk";
    }

    private static String followTheClock(Scene scene) throws Exception {
        String channel = scene.channel();
        try (RtmpScript script = scene.publisher(channel)) {
            MediaScript media = new MediaScript(script)
                    .keyEvery(25)
                    .clock(at -> at + at / 10)
                    .headers();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
            while (System.nanoTime() < end) {
                media.run(40, true, true);
                LockSupport.parkNanos(40_000_000);
            }
            HlsReader.Playlist playlist = scene.after(script, channel);
            assertThat(playlist.text()).doesNotContain("#EXT-X-DISCONTINUITY\n");
            ParsedPlaylist parsed = parsed(channel, playlist);
            ParsedPlaylist.Entry last = parsed.segments().getLast();
            Instant begins = last.time().orElseThrow();
            assertThat(begins.plusMillis(Math.round(last.duration() * 1_000)))
                    .as("the end of what is over")
                    .isBefore(Instant.now().plusMillis(500));
        }
        return "no segment is from the future";
    }

    private static ParsedPlaylist parsed(String channel, HlsReader.Playlist playlist) {
        return ParsedPlaylist.parse(URI.create("http://engine/live/" + channel + ".ts.m3u8"), playlist.text());
    }

    private static String beginWithKeyFrames(Scene scene) throws Exception {
        String channel = scene.channel();
        Set<String> seen = new LinkedHashSet<>();
        try (RtmpScript script = scene.publisher(channel)) {
            MediaScript media = new MediaScript(script).headers().run(2_400, true, true);
            for (int i = 0; i < 12; i++) {
                HlsReader.Playlist playlist = scene.after(script, channel);
                if (playlist.isLive()) {
                    look(scene, parsed(channel, playlist), seen);
                }
                media.run(700, true, true);
            }
        }
        assertThat(seen).hasSizeGreaterThan(3);
        return "each begins with a key frame";
    }

    private static void look(Scene scene, ParsedPlaylist playlist, Set<String> seen) throws Exception {
        for (ParsedPlaylist.Entry segment : playlist.segments()) {
            String path = playlist.path(segment.uri());
            if (seen.add(path)) {
                List<TsReader.Packet> packets = new TsReader()
                        .read(Unpooled.wrappedBuffer(scene.hls().get(path).body()));
                assertThat(packets.stream().filter(each -> each.pid() == 0x100 && each.unitStart()))
                        .first()
                        .as(path)
                        .matches(TsReader.Packet::randomAccess);
            }
        }
    }
}
