// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.endpoint.rtsp.RtspConfig;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.server.TlsConfig;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import live.millrace.media.tls.CertificateSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GStreamer and FFmpeg push and play by RTSPS; FFmpeg 8 plays what RTSP has, over TCP and over UDP. */
class RtspTlsIT {
    private static final int PICTURES = 50;
    private static final String SOURCE =
            "-re -f lavfi -i testsrc=s=320x180:r=25 -f lavfi -i sine=r=48000 -c:v libx264 -preset ultrafast -g 25"
                    + " -pix_fmt yuv420p -c:a aac";

    @TempDir
    Path directory;

    private MediaEngine engine;
    private RtspPeers peers;

    @BeforeEach
    void start() throws Exception {
        X509Bundle issued = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Path certificate = directory.resolve("fullchain.pem");
        Path privateKey = directory.resolve("privkey.pem");
        Files.writeString(certificate, issued.getCertificatePathPEM());
        Files.writeString(privateKey, issued.getPrivateKeyPEM());
        engine = OpenEngine.start(OpenEngine.config(directory)
                .with(RtspConfig.defaults().at("127.0.0.1", 0))
                .with(new TlsConfig(CertificateSource.pem(certificate, privateKey), Map.of("rtsps", 0))));
        peers = new RtspPeers(directory);
    }

    @AfterEach
    void stop() throws Exception {
        peers.stop();
        engine.close();
    }

    private String address(String scheme) {
        return scheme + "://localhost:" + engine.port(scheme) + "/live/anna";
    }

    private void awaitLive() throws Exception {
        Wait.until(
                "it is on air",
                () -> engine.control().stream("anna")
                        .filter(stream -> stream.audio().isPresent())
                        .flatMap(StreamStatus::video)
                        .isPresent());
    }

    private static String play(String transport, String address) {
        return "-rtsp_transport " + transport + " -i " + address + " -an -frames:v " + PICTURES + " -f framecrc -";
    }

    private static String gstreamerPlay(String address) {
        return "rtspsrc location=" + address + " protocols=tcp tls-validation-flags=0 name=r r."
                + " ! application/x-rtp,media=video ! rtph264depay ! avdec_h264 ! identity eos-after=" + PICTURES
                + " ! fakesink r. ! application/x-rtp,media=audio ! fakesink";
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "udp"})
    void ffmpeg8Plays(String transport) throws Exception {
        peers.ffmpeg8("push", SOURCE + " -f rtsp -rtsp_transport tcp " + address("rtsp"));
        awaitLive();
        peers.ends("play", peers.ffmpeg8("play", play(transport, address("rtsp"))));
        assertThat(peers.frames("play")).hasSize(PICTURES);
    }

    @Test
    void ffmpegPushesAndAllPlayEncrypted() throws Exception {
        peers.ffmpeg("push", SOURCE + " -f rtsp -rtsp_transport tcp " + address("rtsps"));
        awaitLive();
        Process first = peers.ffmpeg("play", play("tcp", address("rtsps")));
        Process second = peers.gstreamer("gst", gstreamerPlay(address("rtsps")));
        peers.ends("play", first);
        peers.ends("gst", second);
        assertThat(peers.frames("play")).hasSize(PICTURES);
        assertThat(peers.said("gst")).contains("Got EOS");
    }

    @Test
    void gstreamerPushesEncrypted() throws Exception {
        peers.gstreamer(
                "push",
                "-q videotestsrc is-live=1 ! video/x-raw,width=320,height=180,framerate=25/1"
                        + " ! x264enc tune=zerolatency key-int-max=25 ! h264parse ! rtspclientsink name=s location="
                        + address("rtsps") + " protocols=tcp tls-validation-flags=0"
                        + " audiotestsrc is-live=1 ! audio/x-raw,rate=48000 ! audioconvert ! avenc_aac ! aacparse ! s.");
        awaitLive();
        peers.ends("play", peers.ffmpeg("play", play("tcp", address("rtsps"))));
        assertThat(peers.frames("play")).hasSize(PICTURES);
    }
}
