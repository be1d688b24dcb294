// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import live.millrace.media.child.Programs;
import live.millrace.media.endpoint.rtsp.RtspConfig;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.source.ScriptedCamera;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.TestPrograms;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code getSnap}: pictures of streams that are on, that rest, and that are elsewhere. */
class SnapshotsTest {
    private static final Path FFMPEG = Path.of("/usr/bin/ffmpeg");
    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable MediaEngine elsewhere;
    private @Nullable Process encoder;
    private ScriptedCamera camera;
    private StandaloneEngine engine;

    @BeforeEach
    void start() throws Exception {
        camera = new ScriptedCamera();
    }

    @AfterEach
    void stop() throws Exception {
        Process running = encoder;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
        engine.close();
        camera.close();
        MediaEngine other = elsewhere;
        if (other != null) {
            other.close();
        }
        http.shutdownNow();
    }

    /** Its decoder is a program or a script; null: what is installed. */
    private void start(@Nullable String decoder) {
        EngineFile d = TestSettings.of(directory.resolve("alone"), new EngineFile.Publish(true, null), null, null);
        EngineFile settings = new EngineFile(
                d.bind(),
                d.dataDir(),
                d.drain(),
                d.transport(),
                d.flush(),
                d.tls(),
                d.rtmp(),
                d.rtsp(),
                d.srt(),
                d.webrtc(),
                d.http(),
                d.hls(),
                d.api(),
                d.publish(),
                d.callbacks(),
                d.recording(),
                d.tickets(),
                d.sources(),
                true,
                decoder);
        engine = new StandaloneEngine(() -> settings);
    }

    private String script(String body) throws Exception {
        return TestPrograms.shell(directory.resolve("decoder.sh"), body).toString();
    }

    private String query(String name, String rest) {
        return "http://127.0.0.1:" + engine.managementPort() + "/index/api/" + name + "?secret=" + TestSettings.TOKEN
                + rest;
    }

    private CompletableFuture<HttpResponse<byte[]>> ask(String name, String rest) {
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create(query(name, rest))).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private CompletableFuture<HttpResponse<byte[]>> ask(String url, int timeout, int expire) {
        return ask(
                "getSnap",
                "&url=" + URLEncoder.encode(url, StandardCharsets.UTF_8) + "&timeout_sec=" + timeout + "&expire_sec="
                        + expire);
    }

    private String words(String url, int timeout) throws Exception {
        HttpResponse<byte[]> answer = ask(url, timeout, 0).get(60, TimeUnit.SECONDS);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static byte[] picture(CompletableFuture<HttpResponse<byte[]>> asked) throws Exception {
        HttpResponse<byte[]> answer = asked.get(60, TimeUnit.SECONDS);
        assertThat(answer.headers().firstValue("content-type"))
                .as(new String(answer.body(), StandardCharsets.ISO_8859_1))
                .hasValue("image/jpeg");
        return answer.body();
    }

    private static void isAFrame(byte[] jpeg) throws Exception {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
        assertThat(image.getWidth()).isEqualTo(WIDTH);
        assertThat(image.getHeight()).isEqualTo(HEIGHT);
        assertThat(image.getRGB(0, 0)).as("a picture, not grey").isNotEqualTo(image.getRGB(WIDTH / 2, HEIGHT / 2));
    }

    private void encode(String format, String address) throws Exception {
        assumeTrue(Files.isExecutable(FFMPEG), "FFmpeg is not installed");
        List<String> command = new ArrayList<>(List.of(FFMPEG.toString()));
        command.addAll(List.of(("-nostdin -loglevel error -re -f lavfi -i testsrc=s=320x180:r=25 -c:v libx264"
                        + " -preset ultrafast -g 25 -pix_fmt yuv420p -f " + format + " " + address)
                .split(" ", -1)));
        encoder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(directory.resolve("encoder.log").toFile())
                .start();
    }

    @Test
    void ofAStreamThatIsOn() throws Exception {
        start(null);
        encode("flv", "rtmp://127.0.0.1:" + engine.engine().port("rtmp") + "/live/anna");
        Wait.until(
                "it is on",
                () -> engine.streams().stream("anna")
                        .filter(stream -> stream.video().isPresent())
                        .isPresent());
        String address = "rtmp://127.0.0.1:" + engine.engine().port("rtmp") + "/live/anna";
        byte[] first = picture(ask(address, 10, 60));
        isAFrame(first);
        assertThat(picture(ask("rtmp://localhost/live/anna", 10, 60)))
                .as("the same for a while, by whatever name")
                .isEqualTo(first);
        Wait.until(
                "another, for whoever wants a new one",
                () -> !Arrays.equals(picture(ask(address + ".live.mp4", 10, 0)), first));
        assertThat(words("rtsp://127.0.0.1/live/nobody", 1)).contains("\"code\":-1", "no picture within the time");
        assertThat(words("rtsp://127.0.0.1/", 1)).contains("\"code\":-1");
        assertThat(words("gopher://192.168.1.1/live/anna", 1)).contains("\"code\":-1", "scheme");
        assertThat(new String(
                        ask("getSnap", "x&url=rtsp://a/b")
                                .get(10, TimeUnit.SECONDS)
                                .body(),
                        StandardCharsets.UTF_8))
                .contains("\"code\":-100");
    }

    @Test
    void ofASourceThatRestsAndOfAnAddressElsewhere() throws Exception {
        start(null);
        MediaEngine other = OpenEngine.start(OpenEngine.config(directory.resolve("elsewhere"))
                .with(RtspConfig.defaults().at("127.0.0.1", 0)));
        elsewhere = other;
        encode("flv", "rtmp://127.0.0.1:" + other.port("rtmp") + "/live/yard");
        Wait.until(
                "it is on",
                () -> other.control().stream("yard")
                        .filter(stream -> stream.video().isPresent())
                        .isPresent());
        String address = "rtsp://127.0.0.1:" + other.port("rtsp") + "/live/yard";
        isAFrame(picture(ask(address, 20, 0)));

        ask("addStreamProxy", "&vhost=a&app=cameras&stream=gate&url=" + address).get(10, TimeUnit.SECONDS);
        assertThat(engine.streams().streams()).isEmpty();
        isAFrame(picture(ask("rtsp://127.0.0.1/cameras/gate", 20, 0)));
        Wait.until("it is let go of", () -> engine.streams().streams().isEmpty());
    }

    @Test
    void withoutADecoderItSaysSo() throws Exception {
        start("");
        assertThat(words(camera.uri().toString(), 5))
                .isEqualTo("{\"code\":-1,\"msg\":\"This engine makes no pictures: it has no decoder, and there is no"
                        + " FFmpeg beside it\"}");
    }

    @Test
    void aDecoderThatIsNoneEndsTheStart() {
        start("");
        assertThat(TestSettings.of(directory, null, null).decoder()).isEqualTo(Programs.onPath("ffmpeg"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> start("/no/such"))
                .withMessage("ffmpeg names /no/such, which is no program that can be run.");
    }

    /** However many ask at once. */
    @Test
    void oneChildAtATimeForAStream() throws Exception {
        Path count = directory.resolve("count");
        start(script("echo x >> " + count + "\ncat > /dev/null\nwhile [ ! -e " + directory.resolve("go")
                + " ]; do sleep 0.02; done\nprintf JPEG"));
        List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            asked.add(ask(camera.uri().toString(), 20, 60));
        }
        Wait.until("one is made", () -> Files.exists(count));
        Files.createFile(directory.resolve("go"));
        for (CompletableFuture<HttpResponse<byte[]>> each : asked) {
            assertThat(picture(each)).asString(StandardCharsets.UTF_8).isEqualTo("JPEG");
        }
        assertThat(Files.size(count)).isEqualTo(2);
    }

    @Test
    void whatDecodesNothingAndWhatIsKilledIsSaid() throws Exception {
        start(script("cat > /dev/null; if [ -e " + directory.resolve("kill") + " ]; then kill -9 $$; fi"));
        assertThat(words(camera.uri().toString(), 20)).contains("FFmpeg does not decode this stream");
        Files.createFile(directory.resolve("kill"));
        assertThat(words(camera.uri().toString(), 20)).contains("killed by signal 9");
    }

    @Test
    void whatIsMadeWhenTheEngineEndsIsGoneWithIt() throws Exception {
        Path pid = directory.resolve("pid");
        start(script("echo $$ > " + pid + ".new; mv " + pid + ".new " + pid + "; exec sleep 100"));
        ask(camera.uri().toString(), 20, 0);
        Wait.until("it is made", () -> Files.exists(pid));
        ProcessHandle child =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        engine.close();
        child.onExit().get(10, TimeUnit.SECONDS);
    }
}
