// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.frame.Repair;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.webrtc.Offer;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other servers of WHIP got wrong, each named for where it was told. */
class WhipPitfallsTest {
    private static final int SOUND = 111;
    private static final int SOUND_SSRC = 0x5678;

    /** Frames before the tracks are known. */
    private static final int FEW = 5;

    @TempDir
    Path directory;

    private MediaEngine engine;
    private WhipPeer peer;
    private long millis;
    private long sent;

    @BeforeEach
    void start() throws Exception {
        engine = OpenEngine.start(
                OpenEngine.config(directory).with(WebrtcConfig.defaults().at("127.0.0.1", 0)));
        peer = new WhipPeer(engine.port("http"));
    }

    @AfterEach
    void close() {
        peer.close();
        engine.close();
    }

    private Optional<StreamStatus> anna() {
        return engine.control().stream("anna");
    }

    private long frames() {
        return anna().map(each -> each.statistics().frames()).orElse(0L);
    }

    private long lost() {
        return anna().map(each -> each.statistics().count(Repair.PACKETS_LOST)).orElse(0L);
    }

    private void sends() throws IOException {
        for (int i = 0; i < 6; i++) {
            peer.picture(i == 0, millis, i == 0 ? 4 : 1);
            peer.sound(millis);
            sent += 2;
            millis += 40;
        }
    }

    private void isLive() throws Exception {
        peer.offers("anna");
        peer.connects();
        Wait.until("pictures and sound come", () -> {
            sends();
            return anna().filter(
                            each -> each.video().isPresent() && each.audio().isPresent())
                    .isPresent();
        });
    }

    /** All that was sent came, and so much more. Frames are counted with each picture that needs no other, and every two seconds. */
    private void assertAllCame(int more) throws Exception {
        sends();
        Wait.until("all came: " + sent + " and " + more, () -> frames() >= sent + more - FEW);
        assertThat(lost()).isZero();
    }

    // ---- the offer, and its answer ----------------------------------------------------------------------------

    /** obs-studio #10910: no candidates; obs-studio #9459: 201 and a Location, which is absolute; aiortc has a bundle of three. */
    @ParameterizedTest
    @ValueSource(strings = {"chromium", "ffmpeg", "libdatachannel", "aiortc"})
    void obs10910And9459WhatProgramsOfferIsAnswered(String program) throws Exception {
        String offer;
        try (InputStream in = Objects.requireNonNull(Offer.class.getResourceAsStream(program + ".sdp"))) {
            offer = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("a=candidate.*\\R", "")
                    .replace("\n", "\r\n");
        }
        HttpResponse<String> answer = peer.post("/whip", Optional.of("anna"), "application/sdp", offer);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location").orElseThrow()).startsWith("http://127.0.0.1:");
        assertThat(answer.body().lines().filter(line -> line.startsWith("a=candidate")))
                .as("mediamtx #3835: each once for each medium that is taken")
                .hasSize(4);
    }

    /** whip-whep-js #22: an ETag was demanded that nobody had been given; obs-studio #9459: behind a proxy the address is the proxy's. */
    @ParameterizedTest
    @ValueSource(strings = {"", "*", "\"0\""})
    void whipWhepJs22NobodyNeedsToSayWhatHeWasNotTold(String ifMatch) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String base = "http://127.0.0.1:" + engine.port("http");
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(base + "/whip"))
                            .header("Content-Type", "application/sdp")
                            .header("Authorization", "Bearer anna")
                            .header("X-Forwarded-Proto", "https")
                            .POST(HttpRequest.BodyPublishers.ofString(peer.offer()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("ETag")).isEmpty();
            String session = answer.headers().firstValue("Location").orElseThrow();
            assertThat(session).startsWith("https://127.0.0.1:");
            HttpRequest.Builder delete = HttpRequest.newBuilder(
                            URI.create(base + URI.create(session).getPath()))
                    .DELETE();
            if (!ifMatch.isEmpty()) {
                delete.header("If-Match", ifMatch);
            }
            assertThat(http.send(delete.build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    // ---- media ------------------------------------------------------------------------------------------------

    /** mediamtx #1317, #2600: pictures that are shown in another order than they come are taken all, and decoded in theirs. */
    @Test
    void mediamtx1317ReorderedPicturesAreTaken() throws Exception {
        isLive();
        for (int group = 0; group < 10; group++) {
            peer.picture(group == 0, millis, 2);
            for (int later : new int[] {160, 80, 40, 120}) {
                peer.picture(false, millis + later, 1);
            }
            millis += 200;
        }
        assertAllCame(50);
    }

    private void sound(int number, long at) throws IOException {
        ByteBuf plain = Unpooled.buffer();
        RtpPacket.writeHeader(false, SOUND, number & 0xFFFF, at * 48, SOUND_SSRC + 1, plain);
        peer.packet(plain.writeByte(0x78).writeZero(60), 1);
    }

    /** SRS #3454: sound is put in order as pictures are. */
    @Test
    void srs3454SoundThatIsOvertakenIsPutInOrder() throws Exception {
        isLive();
        sound(0, millis);
        for (int i = 1; i < 60; i += 3) {
            for (int ahead : new int[] {2, 0, 1}) {
                sound(i + ahead, millis + 20L * (i + ahead));
            }
        }
        millis += 61 * 20;
        assertAllCame(60);
    }

    private void nal(boolean marker, int number, byte... bytes) throws IOException {
        ByteBuf plain = Unpooled.buffer();
        RtpPacket.writeHeader(marker, 108, number & 0xFFFF, millis * 90, WhipPeer.VIDEO_SSRC + 1, plain);
        peer.packet(plain.writeBytes(bytes), 1);
    }

    /** SRS #4052: so much beside the picture is no reason to stand still. */
    @Test
    void srs4052AFloodOfSeiGoesBy() throws Exception {
        isLive();
        int number = 0;
        nal(false, number++, ByteBufUtil.decodeHexDump(SampleMedia.SPS));
        nal(false, number++, ByteBufUtil.decodeHexDump(SampleMedia.PPS));
        for (int picture = 0; picture < 10; picture++) {
            for (int i = 0; i < 200; i++) {
                nal(false, number++, (byte) 6, (byte) 5, (byte) 3, (byte) 1, (byte) 2, (byte) 3, (byte) 0x80);
            }
            nal(true, number++, (byte) (picture == 0 ? 0x65 : 0x41), (byte) 0x88, (byte) 0, (byte) 1);
            millis += 40;
        }
        assertAllCame(10);
    }

    /** OvenMediaEngine PR #2175: what came without its beginning is no picture, however complete it looks. */
    @Test
    void ome2175APictureWithoutItsFirstPacketIsNone() throws Exception {
        isLive();
        nal(false, 0, ByteBufUtil.decodeHexDump(SampleMedia.SPS));
        nal(false, 1, ByteBufUtil.decodeHexDump(SampleMedia.PPS));
        nal(true, 2, (byte) 0x65, (byte) 0x88, (byte) 0, (byte) 1);
        for (int i = 0; i < 40; i++) {
            millis += 40;
            nal(false, 3 + 2 * i, (byte) 0x7C, (byte) 0x05, (byte) 1, (byte) 2);
            nal(true, 4 + 2 * i, (byte) 0x7C, (byte) 0x45, (byte) 1, (byte) 2);
        }
        millis += 40;
        nal(true, 83, (byte) 0x65, (byte) 0x88, (byte) 0, (byte) 1);
        sends();
        sends();
        Wait.until("whole ones came", () -> frames() >= sent - FEW);
        assertThat(frames()).isLessThanOrEqualTo(sent + 2);
    }
}
