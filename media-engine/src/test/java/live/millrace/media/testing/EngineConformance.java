// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every engine does, whoever embeds it: in a test, alone in a process, inside the site. Spoken to over its ports and in no
 * other way. Each test takes a channel that nobody used.
 */
public abstract class EngineConformance {
    /** A channel and the key that publishes to it. */
    public record Ticket(String channel, String key) {}

    protected abstract int rtmpPort() throws Exception;

    protected abstract int httpPort() throws Exception;

    /** A channel that was not used yet. */
    protected abstract Ticket ticket() throws Exception;

    private RtmpScript publisher(String key) throws Exception {
        RtmpScript script = new RtmpScript(rtmpPort()).handshake().connect("live");
        assertThat(script.publish(key)).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    protected void carriesAPublisherToEveryAddressOfHls() throws Exception {
        Ticket ticket = ticket();
        String channel = ticket.channel();
        try (HlsReader hls = new HlsReader(httpPort())) {
            assertThat(hls.get("/live/" + channel + ".m3u8").statusCode()).isEqualTo(404);
            try (RtmpScript script = publisher(ticket.key())) {
                new MediaScript(script).headers().both(20);
                script.sync();
                for (String address : List.of(
                        "/live/" + channel + ".m3u8",
                        "/hls/" + channel + ".m3u8",
                        "/hls/" + channel + "/index.m3u8",
                        "/hls/" + channel + "/playlist.m3u8",
                        "/" + channel + "/index.m3u8")) {
                    HttpResponse<byte[]> answer = hls.get(address + "?v=abcdefgh12");
                    assertThat(answer.statusCode()).as(address).isEqualTo(200);
                    assertThat(answer.headers().firstValue("content-type")).hasValue("application/vnd.apple.mpegurl");
                    assertThat(text(answer)).contains("CODECS=\"avc1.42C01E,mp4a.40.2\"", "RESOLUTION=640x360");
                    URI child = URI.create(address)
                            .resolve(text(answer).lines().toList().getLast());
                    assertThat(child.toString()).isEqualTo("/live/" + channel + "/v0.m3u8?v=abcdefgh12");
                    HttpResponse<byte[]> media = hls.get(child.toString());
                    assertThat(text(media)).contains("#EXT-X-PART:", "#EXT-X-PRELOAD-HINT:TYPE=PART");
                }
                HlsReader.Playlist playlist = hls.playlist(channel);
                assertThat(playlist.number("TARGETDURATION")).isEqualTo(2);
                assertThat(playlist.segments()).hasSize(6);
                assertThat(playlist.text()).doesNotContain(ticket.key());
                HttpResponse<byte[]> segment =
                        hls.get("/live/" + playlist.segments().getLast());
                assertThat(segment.statusCode()).isEqualTo(200);
                assertThat(segment.headers().firstValue("content-type")).hasValue("video/mp2t");
                assertThat(segment.headers().firstValue("access-control-allow-origin"))
                        .hasValue("*");
                assertThat(segment.body()[0]).isEqualTo((byte) 0x47);
            }
        }
    }

    @Test
    protected void aReturnCostsOneDiscontinuityAndNumbersOnlyGrow() throws Exception {
        Ticket ticket = ticket();
        try (HlsReader hls = new HlsReader(httpPort())) {
            HlsReader.Playlist before;
            try (RtmpScript first = publisher(ticket.key())) {
                new MediaScript(first).clock(at -> at + 5_000_000).headers().both(6);
                first.sync();
                before = hls.playlist(ticket.channel());
            }
            Wait.until(
                    "the loss was noticed", () -> hls.playlist(ticket.channel()).next() > before.next());
            assertThat(hls.playlist(ticket.channel()).text()).doesNotContain("ENDLIST");
            try (RtmpScript second = publisher(ticket.key())) {
                new MediaScript(second).headers().both(6); // OBS starts again at 0
                second.sync();
                HlsReader.Playlist after = hls.playlist(ticket.channel());
                assertThat(after.discontinuities()).isEqualTo(before.discontinuities() + 1);
                assertThat(after.number("MEDIA-SEQUENCE")).isGreaterThanOrEqualTo(before.number("MEDIA-SEQUENCE"));
                assertThat(after.number("TARGETDURATION")).isEqualTo(before.number("TARGETDURATION"));
            }
        }
    }

    @Test
    protected void aWrongKeyGetsBadNameAndTheDoor() throws Exception {
        try (RtmpScript script = new RtmpScript(rtmpPort()).handshake().connect("live")) {
            assertThat(script.publish("mr_nobodyhasthiskey")).isEqualTo("NetStream.Publish.BadName");
            script.awaitClose();
        }
    }

    @Test
    protected void theSameKeyTakesOver() throws Exception {
        Ticket ticket = ticket();
        try (HlsReader hls = new HlsReader(httpPort());
                RtmpScript ghost = publisher(ticket.key())) {
            new MediaScript(ghost).headers().both(6);
            ghost.sync();
            try (RtmpScript owner = publisher(ticket.key())) {
                ghost.awaitClose();
                new MediaScript(owner).headers().both(6);
                owner.sync();
                assertThat(hls.playlist(ticket.channel()).text()).contains("#EXT-X-DISCONTINUITY\n");
            }
        }
    }

    @Test
    protected void httpAnswersAsItShould() throws Exception {
        Ticket ticket = ticket();
        try (HlsReader hls = new HlsReader(httpPort());
                RtmpScript script = publisher(ticket.key())) {
            new MediaScript(script).headers().both(8);
            script.sync();
            String segment =
                    "/live/" + hls.playlist(ticket.channel()).segments().getFirst();
            byte[] whole = hls.get(segment).body();
            HttpResponse<byte[]> range = hls.get(segment, "Range", "bytes=188-375");
            assertThat(range.statusCode()).isEqualTo(206);
            assertThat(range.headers().firstValue("content-range")).hasValue("bytes 188-375/" + whole.length);
            String tag = hls.get(segment).headers().firstValue("etag").orElseThrow();
            assertThat(hls.get(segment, "If-None-Match", tag).statusCode()).isEqualTo(304);
            String playlist = "/live/" + ticket.channel() + ".ts.m3u8";
            assertThat(hls.get(playlist, "Accept-Encoding", "gzip").headers().firstValue("content-encoding"))
                    .hasValue("gzip");
            assertThat(hls.send("HEAD", playlist).body()).isEmpty();
            assertThat(hls.send("OPTIONS", playlist).statusCode()).isEqualTo(204);
            assertThat(hls.send("POST", playlist).statusCode()).isEqualTo(405);
        }
    }
}
