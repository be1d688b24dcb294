// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.source.ScriptedCamera;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceFailure;
import live.millrace.media.source.SourceProtocol;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cameras do, each as somebody met it; numbers are those of the threads in other projects. */
class CameraQuirksTest {
    private static final String SETS = base64(SampleMedia.SPS) + "," + base64(SampleMedia.PPS);
    private static final String CHALLENGE = "WWW-Authenticate: Digest realm=\"IP Camera\", random=\"x\", nonce=\"";

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private ScriptedCamera camera;
    private final Heard heard = new Heard();
    private SourceProtocol.@Nullable Conversation conversation;

    private static String base64(String hex) {
        return ScriptedCamera.base64(hex);
    }

    /** What came of a conversation. */
    private static final class Heard implements SourceProtocol.Listener {
        final List<Track> tracks = new CopyOnWriteArrayList<>();
        final AtomicInteger frames = new AtomicInteger();
        final List<LeftOut> leftOut = new CopyOnWriteArrayList<>();
        volatile String peer = "";
        volatile boolean sound;
        volatile boolean withoutDatagrams;
        volatile @Nullable SourceFailure failure;

        @Override
        public void described(String name, boolean withPictures, boolean withSound) {
            peer = name;
            sound = withSound;
        }

        @Override
        public void track(Track track) {
            tracks.add(track);
        }

        @Override
        public void frame(MediaFrame frame) {
            frames.incrementAndGet();
        }

        @Override
        public void leftOut(LeftOut part) {
            leftOut.add(part);
        }

        @Override
        public void datagramsFail() {
            withoutDatagrams = true;
        }

        @Override
        public void failed(SourceFailure why, String words) {
            failure = why;
        }
    }

    @BeforeEach
    void start() throws Exception {
        camera = new ScriptedCamera();
    }

    @AfterEach
    void stop() throws Exception {
        SourceProtocol.Conversation going = conversation;
        if (going != null) {
            loops.submit(going::stop).sync();
        }
        camera.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    private void fetch() {
        fetch(camera.uri(), "", "", false, Duration.ofSeconds(10));
    }

    private void fetch(URI uri, String user, String password, boolean datagrams, Duration patience) {
        fetch(uri, user, password, datagrams, patience, NioSocketChannel.class);
    }

    private void fetch(
            URI uri,
            String user,
            String password,
            boolean datagrams,
            Duration patience,
            Class<? extends SocketChannel> sockets) {
        EventLoop loop = loops.next();
        SourceProtocol.Request request = new SourceProtocol.Request(
                new SourceAddress(uri, user, password, datagrams, SourceAddress.Reach.PUBLIC, patience),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort()),
                datagrams,
                loop,
                new SourceProtocol.Sockets(sockets, NioDatagramChannel.class));
        conversation = loop.submit(() -> new RtspSource().begin(request, heard))
                .syncUninterruptibly()
                .getNow();
    }

    private void plays() throws Exception {
        Wait.until("pictures come", () -> heard.frames.get() > 30 || heard.failure != null);
        assertThat(heard.failure).isNull();
    }

    private void failsWith(SourceFailure failure) throws Exception {
        Wait.until("it fails", () -> heard.failure != null);
        assertThat(heard.failure).isEqualTo(failure);
        Wait.until("it is let go of", () -> camera.open() == 0);
    }

    private ScriptedCamera.Asked asked(String method) {
        return camera.asked().stream()
                .filter(each -> each.method().equals(method))
                .findFirst()
                .orElseThrow();
    }

    private static String status(ScriptedCamera.Asked asked, String status) {
        return "RTSP/1.0 " + status + "\r\nCSeq: " + asked.header("CSeq") + "\r\n\r\n";
    }

    // ---- the order ------------------------------------------------------------------------------------------------

    @Test
    void asksInTheOrderThatMostUnderstand() throws Exception {
        fetch();
        plays();
        assertThat(camera.methods()).startsWith("OPTIONS", "DESCRIBE", "SETUP", "PLAY");
        assertThat(asked("SETUP").uri()).isEqualTo(camera.uri() + "/track1");
        assertThat(asked("SETUP").header("Transport")).isEqualTo("RTP/AVP/TCP;unicast;interleaved=0-1");
        assertThat(asked("PLAY").uri()).isEqualTo(camera.uri() + "/");
        assertThat(asked("PLAY").header("Session")).isEqualTo("12345678");
        assertThat(asked("PLAY").header("Range")).isEqualTo("npt=0.000-");
        assertThat(heard.peer).isEqualTo("Scripted");
        assertThat(heard.tracks).hasSize(1);
    }

    @Test
    void saysGoodbye() throws Exception {
        fetch();
        plays();
        loops.submit(Objects.requireNonNull(conversation)::stop).sync();
        Wait.until("it is let go of", () -> camera.open() == 0);
        assertThat(camera.methods()).endsWith("TEARDOWN");
        assertThat(heard.failure).isNull();
    }

    @Test
    void withoutARangeWhereNoneIsKnown() throws Exception {
        camera.answering((asked, usual) ->
                asked.method().equals("PLAY") && !asked.header("Range").isEmpty()
                        ? status(asked, "457 Invalid Range")
                        : usual);
        fetch();
        plays();
    }

    @Test
    void optionsMayBeUnknown() throws Exception {
        camera.answering(
                (asked, usual) -> asked.method().equals("OPTIONS") ? status(asked, "501 Not Implemented") : usual);
        fetch();
        plays();
    }

    // ---- addresses ------------------------------------------------------------------------------------------------

    @Test
    void withoutContentBaseTracksLieBelowTheAddressQueryAndAll() throws Exception {
        camera.answering((_, usual) -> usual.replaceAll("Content-Base: [^\r]*\r\n", ""));
        URI dahua = camera.uri("/cam/realmonitor?channel=1&subtype=0");
        fetch(dahua, "", "", false, Duration.ofSeconds(10));
        plays();
        assertThat(asked("SETUP").uri()).isEqualTo(dahua + "/track1");
        assertThat(asked("PLAY").uri()).isEqualTo(dahua.toString());
    }

    @Test
    void absoluteTrackAddressesAreTakenAsTheyAre() throws Exception {
        camera.describing(ScriptedCamera.sdp("a=fmtp:96 sprop-parameter-sets=" + SETS + "\r\n")
                .replace("track1", "rtsp://10.9.8.7/Streaming/Channels/101/trackID=1?transportmode=unicast"));
        fetch();
        plays();
        assertThat(asked("SETUP").uri())
                .isEqualTo("rtsp://10.9.8.7/Streaming/Channels/101/trackID=1?transportmode=unicast");
        assertThat(camera.connections()).isEqualTo(1);
    }

    // ---- log-in ---------------------------------------------------------------------------------------------------

    private String challenged(ScriptedCamera.Asked asked, String usual, String nonce, String more) {
        boolean good = asked.header("Authorization").contains("nonce=\"" + nonce + "\"");
        return good
                ? usual
                : "RTSP/1.0 401 Unauthorized\r\nCSeq: " + asked.header("CSeq") + "\r\n" + CHALLENGE + nonce + "\""
                        + more + "\r\nWWW-Authenticate: Basic realm=\"IP Camera\"\r\n\r\n";
    }

    /** Hikvision. */
    @Test
    void answersTheDigestOfSeveralChallenges() throws Exception {
        camera.answering((asked, usual) -> challenged(asked, usual, "abc", ""));
        fetch(camera.uri(), "admin", "secret", false, Duration.ofSeconds(10));
        plays();
        assertThat(asked("PLAY").header("Authorization"))
                .startsWith(
                        "Digest username=\"admin\", realm=\"IP Camera\", nonce=\"abc\", uri=\"" + camera.uri() + "/\"")
                .doesNotContain("secret");
    }

    @Test
    void aNonceThatBecameOldIsNoWrongPassword() throws Exception {
        camera.answering((asked, usual) ->
                asked.method().equals("SETUP") || asked.method().equals("PLAY")
                        ? challenged(asked, usual, "second", ", stale=true")
                        : challenged(asked, usual, "first", ""));
        fetch(camera.uri(), "admin", "secret", false, Duration.ofSeconds(10));
        plays();
    }

    @Test
    void aCameraThatFindsEveryNonceOldIsNotAskedForEver() throws Exception {
        AtomicInteger nonces = new AtomicInteger();
        camera.answering(
                (asked, usual) -> challenged(asked, usual, "nonce-" + nonces.incrementAndGet(), ", stale=true"));
        fetch(camera.uri(), "admin", "secret", false, Duration.ofSeconds(10));
        failsWith(SourceFailure.WRONG_LOGIN);
        assertThat(camera.asked()).hasSize(3);
    }

    @Test
    void userAndPasswordAreUtf8AndAddressesAscii() throws Exception {
        camera.answering((asked, usual) -> challenged(asked, usual, "abc", ""));
        fetch(camera.uri("/hof-süd"), "wärter", "geheim", false, Duration.ofSeconds(10));
        plays();
        assertThat(asked("OPTIONS").uri()).endsWith("/hof-s%C3%BCd");
        assertThat(asked("PLAY").header("Authorization"))
                .contains("username=\"" + new String("wärter".getBytes(UTF_8), ISO_8859_1) + "\"");
    }

    /** Files, sockets: there are none left. */
    @Test
    void aConnectionThatCannotBeOpenedIsToldOf() throws Exception {
        fetch(camera.uri(), "", "", false, Duration.ofSeconds(10), NoneLeft.class);
        failsWith(SourceFailure.UNREACHABLE);
        Objects.requireNonNull(conversation).stop();
    }

    /** Cannot be made. */
    public static final class NoneLeft extends NioSocketChannel {
        public NoneLeft() {
            throw new ChannelException("too many open files");
        }
    }

    @Test
    void aWrongPasswordIsTriedOnce() throws Exception {
        camera.answering((asked, usual) -> challenged(asked, usual, "other-" + asked.header("CSeq"), ""));
        fetch(camera.uri(), "admin", "wrong", false, Duration.ofSeconds(10));
        failsWith(SourceFailure.WRONG_LOGIN);
        assertThat(camera.asked().stream()
                        .filter(each -> !each.header("Authorization").isEmpty()))
                .hasSize(1);
    }

    @Test
    void withoutAUserNobodyLogsIn() throws Exception {
        camera.answering((asked, usual) -> challenged(asked, usual, "abc", ""));
        fetch();
        failsWith(SourceFailure.WRONG_LOGIN);
    }

    // ---- answers --------------------------------------------------------------------------------------------------

    /** Dafang #983. */
    @Test
    void answersBelongToRequestsByTheirOrder() throws Exception {
        camera.answering((_, usual) -> usual.replaceAll("CSeq: [0-9]+", "CSeq: 77"));
        fetch();
        plays();
    }

    @Test
    void picturesMayOvertakeTheAnswerThatTheyCome() throws Exception {
        camera.overtaking();
        fetch();
        plays();
    }

    @Test
    void aRequestOfTheirsIsRefusedAndNoHarm() throws Exception {
        camera.answering((asked, usual) ->
                asked.method().equals("SETUP") ? "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n" + usual : usual);
        fetch();
        plays();
    }

    // ---- signs of life --------------------------------------------------------------------------------------------

    /** mediamtx #449: sooner than the 60 s of the specification, as the answer to SETUP says; and nobody has to answer them. */
    @Test
    void signsOfLifeGoByTheTimeOfTheSession() throws Exception {
        camera.answering((asked, usual) ->
                asked.method().equals("OPTIONS") && !asked.header("Session").isEmpty() ? "" : usual);
        fetch();
        Wait.until(
                "three signs",
                () -> camera.asked().stream()
                                .filter(each -> each.method().equals("OPTIONS"))
                                .count()
                        > 3);
        assertThat(heard.failure).isNull();
        // rtsp-client-android #2: Dahua stops without reports
        Wait.until("a report", () -> camera.reports() > 0);
    }

    @Test
    void signsOfLifeAreGetParameterWhereThatIsKnown() throws Exception {
        camera.answering((_, usual) -> usual.replace("PLAY, TEARDOWN", "PLAY, GET_PARAMETER, TEARDOWN"));
        fetch();
        Wait.until("a sign", () -> camera.methods().contains("GET_PARAMETER"));
        assertThat(heard.failure).isNull();
    }

    /** mediamtx #3434: a picture in three seconds is a slow one and no lost one. */
    @Test
    void aCameraAtNightIsNotCutOff() throws Exception {
        camera.every(Duration.ofSeconds(3));
        fetch();
        Wait.until("pictures of twelve seconds", () -> heard.frames.get() >= 5);
        assertThat(heard.failure).isNull();
        assertThat(camera.connections()).isEqualTo(1);
    }

    // ---- what they describe ---------------------------------------------------------------------------------------

    private void playsDescribedAs(String fmtp) throws Exception {
        camera.describing(ScriptedCamera.sdp(fmtp));
        fetch();
        plays();
    }

    /** Axis, Siqura: janus #849. */
    @Test
    void setsMayStandInTheDescriptionAlone() throws Exception {
        playsDescribedAs("a=fmtp:96 packetization-mode=1;sprop-parameter-sets=" + SETS + "\r\n");
    }

    /** mediamtx #787. */
    @Test
    void setsMayStandInTheMediaAlone() throws Exception {
        camera.withSetsInBand();
        playsDescribedAs("");
    }

    /** mediamtx #861. */
    @Test
    void setsOfNothingAreNone() throws Exception {
        camera.withSetsInBand();
        playsDescribedAs("a=fmtp:96 packetization-mode=1;sprop-parameter-sets=\r\n");
    }

    /** FFmpeg 181, Hikvision. */
    @Test
    void halfASetIsNone() throws Exception {
        camera.withSetsInBand();
        playsDescribedAs("a=fmtp:96 packetization-mode=1;sprop-parameter-sets=" + base64(SampleMedia.SPS) + ",\r\n");
    }

    /** VStarcam. */
    @Test
    void rubbishInTheDescriptionIsNone() throws Exception {
        camera.withSetsInBand();
        playsDescribedAs("a=fmtp:96 packetization-mode=1;sprop-parameter-sets=AAAA,!!!!\r\n");
    }

    private static String audio(String payload, String more) {
        return "m=audio 0 RTP/AVP " + payload + "\r\n" + more + "a=control:track2\r\n";
    }

    /** go2rtc #830. */
    @Test
    void whatACameraWouldHearIsNoSound() throws Exception {
        camera.describing(
                ScriptedCamera.sdp("a=fmtp:96 sprop-parameter-sets=" + SETS + "\r\n") + audio("0", "a=sendonly\r\n"));
        fetch();
        plays();
        assertThat(camera.methods().stream().filter("SETUP"::equals)).hasSize(1);
        assertThat(heard.sound).isFalse();
    }

    @Test
    void aCameraThatSaysSoOfAllMeansNothingByIt() throws Exception {
        camera.describing(ScriptedCamera.sdp("a=fmtp:96 sprop-parameter-sets=" + SETS + "\r\na=sendonly\r\n"));
        fetch();
        plays();
    }

    @Test
    void ofTwoSoundsTheOneThatBrowsersPlayIsFetched() throws Exception {
        camera.describing(ScriptedCamera.sdp("a=fmtp:96 sprop-parameter-sets=" + SETS + "\r\n")
                + audio("8", "")
                + "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/44100/2\r\n"
                + "a=fmtp:97 mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1210\r\n"
                + "a=control:track3\r\n");
        fetch();
        plays();
        assertThat(camera.asked().stream()
                        .filter(each -> each.method().equals("SETUP"))
                        .map(ScriptedCamera.Asked::uri))
                .containsExactly(camera.uri() + "/track1", camera.uri() + "/track3");
        assertThat(heard.sound).isTrue();
    }

    @Test
    void aSoundThatCannotBeHadCostsNoPicture() throws Exception {
        camera.describing(ScriptedCamera.sdp("a=fmtp:96 sprop-parameter-sets=" + SETS + "\r\n") + audio("8", ""));
        camera.answering((asked, usual) -> asked.uri().endsWith("track2") ? status(asked, "500 Internal") : usual);
        fetch();
        plays();
        assertThat(heard.leftOut).containsExactly(new LeftOut(false, "PCMA", LeftOut.Cause.BROKEN));
    }

    @Test
    void soundThatIsNotCarriedIsNamed() throws Exception {
        camera.describing(ScriptedCamera.sdp("a=fmtp:96 sprop-parameter-sets=" + SETS + "\r\n")
                + audio("98", "a=rtpmap:98 G726-32/8000\r\n"));
        fetch();
        plays();
        assertThat(heard.leftOut).containsExactly(new LeftOut(false, "G726-32", LeftOut.Cause.UNSUPPORTED));
    }

    // ---- transports -----------------------------------------------------------------------------------------------

    @Test
    void whereNoDatagramComesTheyAreGivenUp() throws Exception {
        camera.answering((asked, usual) ->
                asked.method().equals("SETUP") ? usual.replace("\r\nSession", ";server_port=9-10\r\nSession") : usual);
        camera.sending(false);
        fetch(camera.uri(), "", "", true, Duration.ofSeconds(10));
        failsWith(SourceFailure.NO_MEDIA);
        assertThat(heard.withoutDatagrams).isTrue();
        assertThat(asked("SETUP").header("Transport")).matches("RTP/AVP;unicast;client_port=[0-9]+-[0-9]+");
    }

    @Test
    void aTransportThatIsNotKnownIsAskedForInTheOtherWay() throws Exception {
        camera.answering((asked, usual) ->
                asked.header("Transport").startsWith("RTP/AVP;") ? status(asked, "461 Unsupported Transport") : usual);
        fetch(camera.uri(), "", "", true, Duration.ofSeconds(10));
        plays();
        assertThat(camera.connections()).isEqualTo(1);
    }

    // ---- failures -------------------------------------------------------------------------------------------------

    private void answers(String method, String status) {
        camera.answering((asked, usual) -> asked.method().equals(method) ? status(asked, status) : usual);
        fetch();
    }

    @Test
    void aStreamThatIsNotThere() throws Exception {
        answers("DESCRIBE", "404 Not Found");
        failsWith(SourceFailure.NOT_FOUND);
    }

    @Test
    void nobodyIsFollowedElsewhere() throws Exception {
        answers("DESCRIBE", "302 Moved Temporarily");
        failsWith(SourceFailure.PROTOCOL);
        assertThat(camera.connections()).isEqualTo(1);
    }

    @Test
    void aCameraWithoutRoom() throws Exception {
        answers("PLAY", "453 Not Enough Bandwidth");
        failsWith(SourceFailure.UNREACHABLE);
    }

    @Test
    void anotherProtocol() throws Exception {
        camera.answering((_, _) -> "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        fetch();
        failsWith(SourceFailure.PROTOCOL);
    }

    @Test
    void aDescriptionThatIsNone() throws Exception {
        camera.describing("<html>");
        fetch();
        failsWith(SourceFailure.PROTOCOL);
    }

    @Test
    void nothingThatCanBeCarried() throws Exception {
        camera.describing("v=0\r\nm=video 0 RTP/AVP 26\r\na=control:track1\r\n");
        fetch();
        failsWith(SourceFailure.UNSUPPORTED_MEDIA);
        assertThat(heard.leftOut).containsExactly(new LeftOut(true, "JPEG", LeftOut.Cause.UNSUPPORTED));
    }

    @Test
    void nobodyWhoListens() throws Exception {
        URI gone = camera.uri();
        camera.close();
        fetch(gone, "", "", false, Duration.ofSeconds(10));
        failsWith(SourceFailure.UNREACHABLE);
    }

    @Test
    void nobodyWhoAnswers() throws Exception {
        camera.answering((_, _) -> "");
        fetch(camera.uri(), "", "", false, Duration.ofMillis(500));
        failsWith(SourceFailure.UNREACHABLE);
    }

    @Test
    void nobodyWhoSends() throws Exception {
        camera.sending(false);
        fetch(camera.uri(), "", "", false, Duration.ofSeconds(1));
        failsWith(SourceFailure.NO_MEDIA);
    }

    @Test
    void aSessionThatEnded() throws Exception {
        camera.answering((asked, usual) ->
                asked.method().equals("OPTIONS") && !asked.header("Session").isEmpty()
                        ? status(asked, "454 Session Not Found")
                        : usual);
        fetch();
        failsWith(SourceFailure.LOST);
    }

    @Test
    void aConnectionThatWasCut() throws Exception {
        fetch();
        plays();
        camera.cut();
        failsWith(SourceFailure.LOST);
    }
}
