// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.SigningKeys;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.endpoint.webrtc.WebrtcConfig;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.recording.MemoryIndex;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingConfig;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.media.tls.CertificateSource;

/** A channel for invited eyes, {@code anna}, that is on air and recorded; every other channel is public, and nobody is on there. */
final class TicketScene implements PlayAuthorizer, PlayObserver, AutoCloseable {
    static final String VIDEO = "AbC_-123xyz";

    /** Media comes as fast as the socket takes it. */
    private static final long QUEUE_BYTES = 512L << 20;

    /** The key of today, and the one before it. */
    static final SigningKeys KEYS = new SigningKeys() {
        @Override
        public int current() {
            return 20_002;
        }

        @Override
        public Optional<byte[]> key(int number) {
            return number == 20_002 || number == 20_001
                    ? Optional.of(("the key of day " + number + ", which is long").getBytes(StandardCharsets.US_ASCII))
                    : Optional.empty();
        }
    };

    /** What a ticket is for. */
    private record Grant(String channel, Optional<Instant> until) {}

    final Set<String> closed = ConcurrentHashMap.newKeySet();
    final ConcurrentLinkedQueue<PlayAttempt> asked = new ConcurrentLinkedQueue<>();
    final MemoryIndex index = new MemoryIndex();
    final MediaEngine engine;
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();
    private final RtmpScript publisher;
    private final Thread pump;
    private volatile boolean over;

    private volatile boolean still;
    private final CountDownLatch silent = new CountDownLatch(1);

    TicketScene(Path directory) throws Exception {
        this(directory, 300);
    }

    /** @param pictureBytes the size of each of 25 pictures a second */
    TicketScene(Path directory, int pictureBytes) throws Exception {
        closed.add("anna");
        index.access(VIDEO, Recording.Access.TICKET);
        X509Bundle bundle = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Path certificate = Files.writeString(directory.resolve("chain.pem"), bundle.getCertificatePathPEM());
        Path key = Files.writeString(directory.resolve("key.pem"), bundle.getPrivateKeyPEM());
        RecordingConfig usual = RecordingConfig.defaults(directory.resolve("recordings"));
        engine = MediaEngine.start(
                OpenEngine.cuttingAlways(directory)
                        .with(StreamNaming.CHANNELS)
                        .with(WebrtcConfig.defaults().at("127.0.0.1", 0))
                        .with(new TlsConfig(CertificateSource.pem(certificate, key), Map.of("https", 0)))
                        .with(new RecordingConfig(
                                usual.directory(),
                                RecordingConfig.Sync.NONE,
                                usual.spanLength(),
                                usual.spanBytes(),
                                QUEUE_BYTES,
                                QUEUE_BYTES,
                                0,
                                0)),
                new EnginePorts(
                                attempt -> CompletableFuture.completedStage(new PublishDecision.Granted(
                                                attempt.key().orElseThrow().secret(), "key")
                                        .recordedAs(Optional.of(VIDEO))),
                                OpenEngine.SILENT,
                                this,
                                this,
                                OpenEngine.DEAF)
                        .with(index)
                        .with(KEYS));
        publisher = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
        assertThat(publisher.publish("anna")).isEqualTo("NetStream.Publish.Start");
        MediaScript media =
                new MediaScript(publisher).pictureBytes(pictureBytes).headers().both(8);
        publisher.sync();
        pump = Thread.ofPlatform().name("encoder").daemon().start(() -> send(media));
        Wait.until(
                "it is recorded",
                () -> engine.recorder().orElseThrow().statuses().stream()
                        .anyMatch(each -> each.recording()
                                .filter(kept -> kept.durationMillis() > 4_000)
                                .isPresent()));
    }

    private void send(MediaScript media) {
        try {
            while (!over) {
                if (still) {
                    silent.countDown();
                } else {
                    media.run(200, true, true);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        } catch (IOException gone) {
            // the test is over
        }
    }

    /** From now on the encoder says nothing; what it said was heard. For some seconds: then it is gone. */
    void hush() throws Exception {
        still = true;
        assertThat(silent.await(10, TimeUnit.SECONDS)).isTrue();
        publisher.sync();
    }

    // ---- who may ----------------------------------------------------------------------------------------------

    @Override
    public CompletionStage<PlayDecision> authorize(PlayAttempt attempt) {
        asked.add(attempt);
        return CompletableFuture.completedStage(decide(attempt));
    }

    private PlayDecision decide(PlayAttempt attempt) {
        if (attempt.recording().isEmpty() && isPublic(attempt.application(), attempt.name())) {
            return PlayDecision.UNLIMITED;
        }
        Grant grant = attempt.ticket().map(ticket -> grants.get(ticket.hash())).orElse(null);
        return grant == null
                        || !grant.channel().equals(attempt.name())
                        || grant.until().filter(Instant.now()::isAfter).isPresent()
                ? PlayDecision.NOT_ALLOWED
                : new PlayDecision.Granted(grant.until(), Integer.MAX_VALUE);
    }

    @Override
    public boolean isPublic(String application, String name) {
        return !closed.contains(name);
    }

    @Override
    public void stopped(PlayAttempt attempt) {}

    PlayTicket invite(String channel, Optional<Instant> until) {
        PlayTicket ticket = PlayTicket.fresh();
        grants.put(ticket.hash(), new Grant(channel, until));
        return ticket;
    }

    PlayTicket invite() {
        return invite("anna", Optional.empty());
    }

    /** The list first, then those who watch. */
    int revoke(PlayTicket ticket) {
        grants.remove(ticket.hash());
        return engine.revokePlays(attempt -> attempt.bears(ticket.hash()));
    }

    // ---- asking -----------------------------------------------------------------------------------------------

    /** What came; headers in lower case. */
    record Answer(int status, Map<String, String> headers, String body) {
        /** All of it but what is of the moment. */
        Answer timeless() {
            Map<String, String> kept = new TreeMap<>(headers);
            kept.remove("date");
            return new Answer(status, kept, body);
        }

        static Answer read(InputStream in, boolean head) throws IOException {
            ByteArrayOutputStream top = new ByteArrayOutputStream();
            while (!top.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("it ended after " + top);
                }
                top.write(next);
            }
            String[] lines = top.toString(StandardCharsets.UTF_8).split("\r\n", -1);
            Map<String, String> headers = new TreeMap<>();
            for (String line : lines) {
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
                }
            }
            int status = Integer.parseInt(lines[0].split(" ", -1)[1]);
            int length = head || status == 101 || status == 204
                    ? 0
                    : Integer.parseInt(headers.getOrDefault("content-length", "64"));
            return new Answer(status, headers, new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
        }
    }

    static String below(PlayTicket ticket) {
        return "/t/" + ticket.secret();
    }

    /** What stands before the live stream in the place of a ticket, for caches. */
    String signed(PlayTicket ticket) throws IOException {
        return first(text(below(ticket) + "/live/anna/signed.json"), "\"path\":\"([^\"]+)\"");
    }

    /** The same for its recording. */
    String signedVideo(PlayTicket ticket) throws IOException {
        return first(text(below(ticket) + "/videos/" + VIDEO + "/signed.json"), "\"path\":\"([^\"]+)\"");
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), engine.port("http"));
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Asks over a connection of its own, and reads at most 64 bytes of what has no end. */
    Answer ask(String method, String path, String headers) throws IOException {
        try (Socket socket = connect()) {
            say(socket, method, path, headers);
            return Answer.read(socket.getInputStream(), method.equals("HEAD"));
        }
    }

    static void say(Socket socket, String method, String path, String headers) throws IOException {
        socket.getOutputStream()
                .write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    Answer get(String path) throws IOException {
        return ask("GET", path, "");
    }

    String text(String path) throws IOException {
        Answer answer = get(path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        return answer.body();
    }

    static String first(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }

    /** A player of RTMP that has its first picture. */
    RtmpScript play(String app, String name) throws IOException {
        RtmpScript player = new RtmpScript(engine.port("rtmp")).handshake().connect(app);
        player.command(0, "createStream", 2, AmfValue.NULL);
        player.await("_result");
        player.command(1, "play", 0, AmfValue.NULL, AmfValue.of(name));
        return player;
    }

    @Override
    public void close() {
        over = true;
        try {
            pump.join(Duration.ofSeconds(5));
            publisher.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            engine.close();
        }
    }

    /** The addresses of all there is, by the pattern of their routes; the pieces are those of now. */
    Map<String, String> addresses(PlayTicket ticket) throws IOException {
        String below = below(ticket);
        String media = text(below + "/live/anna/v0.m3u8");
        String transport = text(below + "/live/anna.ts.m3u8");
        String sound = text(below + "/live/anna.ts.m3u8?audio=only");
        String video = text(below + "/videos/" + VIDEO + "/v0.m3u8");
        String start = first(text(below + "/playback/list?path=anna"), "\"start\":\"([^\"]+)\"");
        Map<String, String> all = new TreeMap<>();
        for (String alike : List.of(
                "/live/{stream:any}.m3u8",
                "/live/{stream:any}.ts.m3u8",
                "/live/{stream:any}.fmp4.m3u8",
                "/live/{stream:any}.mpd",
                "/live/{stream:any}/hls.m3u8",
                "/live/{stream:any}/hls.fmp4.m3u8",
                "/live/{stream:any}.flv",
                "/live/{stream:any}.ts",
                "/live/{stream:any}.mp4",
                "/live/{stream:any}.live.flv",
                "/live/{stream:any}.live.ts",
                "/live/{stream:any}.live.mp4",
                "/live/{stream:any}.record.m3u8",
                "/live/{stream:any}.storyboard.vtt",
                "/live/{stream:any}/signed.json",
                "/hls/{stream:any}/record.m3u8",
                "/hls/{stream:any}.m3u8",
                "/hls/{stream:any}/index.m3u8",
                "/hls/{stream:any}/playlist.m3u8",
                "/{stream:any}/index.m3u8",
                "/videos/{id:any}/index.m3u8",
                "/videos/{id:any}/storyboard.vtt",
                "/videos/{id:any}/signed.json",
                "/videos/{id:any}.mp4",
                "/videos/{id:any}.m4a",
                "/videos/{id:any}.mp3")) {
            all.put(alike, alike.replace("{stream:any}", "anna").replace("{id:any}", VIDEO));
        }
        String stream = "/live/{stream:any}";
        all.put(stream + "/{track}.m3u8", "/live/anna/v0.m3u8");
        all.put(stream + "/{broadcast}/{number}.ts", "/live/" + first(transport, "\n([^#\n]+\\.ts)"));
        all.put(stream + "/{broadcast}/audio/{number}.ts", "/live/" + first(sound, "\n([^#\n]+\\.ts)"));
        all.put(stream + "/{broadcast}/{track}/{number}.m4s", "/live/anna/" + first(media, "\n([^#\n]+\\.m4s)"));
        all.put(
                stream + "/{broadcast}/{track}/{number}.{part}.m4s",
                "/live/anna/" + first(media, "#EXT-X-PART:[^\\n]*URI=\"([^\"]+)\""));
        all.put(
                stream + "/{broadcast}/{track}/{init}.mp4",
                "/live/anna/" + first(media, "#EXT-X-MAP:URI=\"([^\"]+)\""));
        String id = "/videos/{id:any}";
        all.put(id + "/{track}.m3u8", "/videos/" + VIDEO + "/v0.m3u8");
        all.put(id + "/{span}.jpg", "/videos/" + VIDEO + "/v0-0.jpg");
        all.put(id + "/{track}/{format}.mp4", "/videos/" + VIDEO + "/v0/0.mp4");
        all.put(id + "/{track}/{sequence}.m4s", "/videos/" + VIDEO + "/" + first(video, "\n([^#\n]+\\.m4s)"));
        all.put(id + "/{span}.mp4", "/videos/" + VIDEO + "/v0-0.mp4");
        all.put("/playback/list", "/playback/list?path=anna");
        all.put("/playback/get", "/playback/get?path=anna&duration=2&start=" + start);
        return all;
    }
}
