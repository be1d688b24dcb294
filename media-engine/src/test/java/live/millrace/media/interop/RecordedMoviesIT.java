// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.recording.MemoryIndex;
import live.millrace.media.recording.RecordingConfig;
import live.millrace.media.recording.RecordingId;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.server.TlsConfig;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import live.millrace.media.tls.CertificateSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** FFmpeg publishes a film with pictures that refer to later ones; what it finds in the recording, as a file and as a playlist, are the film's packets. */
class RecordedMoviesIT {
    private static final String ID = RecordingId.fresh();

    @TempDir
    Path directory;

    private final MemoryIndex index = new MemoryIndex();
    private MediaEngine engine;

    @BeforeEach
    void start() throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Path certificate = Files.writeString(directory.resolve("fullchain.pem"), bundle.getCertificatePathPEM());
        Path key = Files.writeString(directory.resolve("privkey.pem"), bundle.getPrivateKeyPEM());
        EnginePorts ports = EnginePorts.openToViewers(
                attempt -> CompletableFuture.completedStage(new PublishDecision.Granted(
                                attempt.key().orElseThrow().secret(), "key")
                        .recordedAs(Optional.of(ID))),
                OpenEngine.SILENT,
                OpenEngine.DEAF);
        RecordingConfig usual = RecordingConfig.defaults(directory.resolve("recordings"));
        engine = MediaEngine.start(
                OpenEngine.config(directory)
                        .with(new TlsConfig(
                                CertificateSource.pem(certificate, key), Map.of("rtmps", 0, "https", 0)))
                        .with(new RecordingConfig(
                                usual.directory(),
                                usual.sync(),
                                usual.spanLength(),
                                usual.spanBytes(),
                                usual.queueBytes(),
                                usual.streamQueueBytes(),
                                0,
                                0)),
                ports.with(index));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private List<String> run(Path folder, String program, String... arguments) throws Exception {
        Path output = directory.resolve(program + ".txt");
        Process process = Ffmpeg8.start(folder, program, output, List.of(arguments));
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return Files.readAllLines(output, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** The packets of one kind: how much later each is shown than decoded, how long after the one before it is decoded, in ms, and its hash. */
    private List<String> packets(Path ffmpeg, String kind, String input) throws Exception {
        List<String> lines = run(
                ffmpeg, "ffmpeg", "-v", "error", "-copyts", "-i", input, "-map", "0:" + kind, "-c", "copy", "-f",
                "framemd5", "-");
        String base = lines.stream()
                .filter(line -> line.startsWith("#tb 0:"))
                .findFirst()
                .orElseThrow()
                .replace("#tb 0: ", "");
        double unit = Double.parseDouble(base.split("/")[0]) * 1_000 / Double.parseDouble(base.split("/")[1]);
        List<String> packets = new ArrayList<>();
        long before = Long.MIN_VALUE;
        for (String line : lines) {
            if (line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split(",\\s*");
            long decoded = Long.parseLong(fields[1]);
            long shown = Long.parseLong(fields[2]);
            long step = before == Long.MIN_VALUE ? 0 : Math.round((decoded - before) * unit);
            packets.add(Math.round((shown - decoded) * unit) + " " + (kind.equals("v") ? step : 0) + " " + fields[5]);
            before = decoded;
        }
        return packets;
    }

    static Stream<Arguments> codecs() {
        return Stream.of(
                Arguments.of(List.of("-c:v", "libx264", "-bf", "3", "-g", "50", "-c:a", "aac")),
                Arguments.of(List.of("-c:v", "libx264", "-g", "50", "-c:a", "libmp3lame")));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void theFilmsPacketsAreInTheRecording(List<String> codecs) throws Exception {
        Optional<Path> ffmpeg = Ffmpeg8.folder();
        assumeTrue(ffmpeg.isPresent(), "FFmpeg 8 for this system");
        Path folder = ffmpeg.get();
        Path film = directory.resolve("film.flv");
        List<String> arguments = new ArrayList<>(List.of(
                "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=14", "-f", "lavfi", "-i",
                "sine=r=44100:d=14", "-ac", "2"));
        arguments.addAll(codecs);
        arguments.add(film.toString());
        assertThat(run(folder, "ffmpeg", arguments.toArray(String[]::new))).isEmpty();
        run(
                folder, "ffmpeg", "-v", "error", "-re", "-i", film.toString(), "-c", "copy", "-f", "flv",
                "rtmp://127.0.0.1:" + engine.port("rtmp") + "/live/anna");
        Wait.until("it is recorded", () -> index.get(ID) != null && !index.get(ID).spans().isEmpty());
        String base = "http://127.0.0.1:" + engine.port("http") + "/videos/" + ID;
        for (String kind : List.of("v", "a")) {
            List<String> source = packets(folder, kind, film.toString());
            List<String> kept = packets(folder, kind, base + ".mp4");
            // The first one has none before it, wherever in the film it was.
            assertThat(String.join("\n", source)).contains(String.join("\n", kept.subList(1, kept.size())));
            assertThat(kept).hasSizeGreaterThan(source.size() * 8 / 10);
            List<String> listed = packets(folder, kind, base + "/index.m3u8");
            assertThat(listed).hasSize(kept.size());
        }
        overTlsAndHttp2(base + ".mp4");
    }

    /** What the kernel sends, and what has to be encrypted and framed, are the same bytes. */
    private void overTlsAndHttp2(String address) throws Exception {
        HttpClient plain = HttpClient.newHttpClient();
        byte[] file = plain.send(
                        HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
        URI encrypted = URI.create("https://127.0.0.1:" + engine.port("https") + "/videos/" + ID + ".mp4");
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpClient client = HttpClient.newBuilder()
                    .version(version)
                    .sslContext(Trusting.context())
                    .build();
            // The recording goes on until its encoder was given up: a range of what the first answer was.
            HttpResponse<byte[]> answer = client.send(
                    HttpRequest.newBuilder(encrypted)
                            .header("Range", "bytes=100-" + (file.length - 1))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.statusCode()).isEqualTo(206);
            assertThat(Arrays.equals(answer.body(), 0, file.length - 100, file, 100, file.length))
                    .isTrue();
            client.shutdownNow();
        }
        plain.shutdownNow();
    }
}
