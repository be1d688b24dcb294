// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.protocol.dtls.DtlsAssociation;
import live.millrace.media.protocol.dtls.DtlsIdentity;
import live.millrace.media.protocol.dtls.DtlsKeys;
import live.millrace.media.protocol.dtls.Fingerprint;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.srtp.SrtpReceiver;
import live.millrace.media.protocol.srtp.SrtpSender;
import live.millrace.media.protocol.stun.StunClient;
import live.millrace.media.protocol.stun.StunMessage;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;

/** Who publishes by WHIP as a browser does: offers, checks, shakes hands, sends pictures and sound, and sends again what it is asked for. */
final class WhipPeer implements AutoCloseable {
    private static final String FRAGMENT = "peer";
    private static final String PASSWORD = "a-password-of-the-peer-itself";
    private static final Pattern LINE = Pattern.compile("a=(ice-ufrag|ice-pwd|fingerprint|candidate):(.*)");
    private static final int VIDEO_SSRC = 0x1234;
    private static final int SOUND_SSRC = 0x5678;
    private static final int TRANSPORT_ID = 3;

    private final HttpClient http = HttpClient.newHttpClient();
    private final DtlsIdentity identity = DtlsIdentity.generate(Instant.now());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Random random = new Random(7);
    private final String base;

    /** Whether what is asked for is sent once more. */
    volatile boolean obliging = true;

    private String fingerprint = identity.fingerprint().text();
    private final List<DatagramSocket> sockets = new ArrayList<>();
    private volatile DatagramSocket socket;
    private Map<String, String> answer = Map.of();
    private int udp;
    private DtlsAssociation dtls;
    private volatile SrtpSender sender;
    private volatile SrtpReceiver receiver;

    final List<RtcpPacket> heard = new CopyOnWriteArrayList<>();
    final List<String> said = new CopyOnWriteArrayList<>();
    private final Map<Integer, byte[]> sent = new ConcurrentHashMap<>();
    private final List<byte[]> answers = new CopyOnWriteArrayList<>();
    private int videoNumber = 65_500;
    private int soundNumber;
    private int transportNumber;

    WhipPeer(int httpPort) throws IOException {
        base = "http://127.0.0.1:" + httpPort;
        move();
    }

    /** Sends from another address from now on. */
    void move() throws IOException {
        DatagramSocket fresh = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        sockets.add(fresh);
        socket = fresh;
        threads.execute(() -> listen(fresh));
    }

    /** Another certificate than it will show. */
    void lies() {
        fingerprint = DtlsIdentity.generate(Instant.now()).fingerprint().text();
    }

    // ---- HTTP -------------------------------------------------------------------------------------------------

    String offer() {
        return """
            v=0\r
            o=- 1 2 IN IP4 127.0.0.1\r
            s=-\r
            t=0 0\r
            a=group:BUNDLE 0 1\r
            a=ice-ufrag:%s\r
            a=ice-pwd:%s\r
            a=fingerprint:%s\r
            a=setup:actpass\r
            m=audio 9 UDP/TLS/RTP/SAVPF 111\r
            c=IN IP4 0.0.0.0\r
            a=mid:0\r
            a=sendonly\r
            a=rtcp-mux\r
            a=rtpmap:111 opus/48000/2\r
            a=fmtp:111 minptime=10;useinbandfec=1\r
            m=video 9 UDP/TLS/RTP/SAVPF 108 109\r
            c=IN IP4 0.0.0.0\r
            a=mid:1\r
            a=sendonly\r
            a=rtcp-mux\r
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r
            a=rtpmap:108 H264/90000\r
            a=rtcp-fb:108 nack\r
            a=rtcp-fb:108 nack pli\r
            a=rtcp-fb:108 transport-cc\r
            a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r
            a=rtpmap:109 rtx/90000\r
            a=fmtp:109 apt=108\r
            """.formatted(FRAGMENT, PASSWORD, fingerprint);
    }

    HttpResponse<String> post(String path, Optional<String> key, String type, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    int send(String method, String address) throws Exception {
        URI uri = URI.create(address.startsWith("http") ? address : base + address);
        return http.send(
                        HttpRequest.newBuilder(uri)
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Offers, and keeps the answer; its session's address. */
    String offers(String key) throws Exception {
        HttpResponse<String> response = post("/whip", Optional.of(key), "application/sdp", offer());
        if (response.statusCode() != 201) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        Map<String, String> read = new ConcurrentHashMap<>();
        Matcher lines = LINE.matcher(response.body());
        while (lines.find()) {
            read.putIfAbsent(lines.group(1), lines.group(2).strip());
        }
        answer = read;
        udp = Integer.parseInt(read.getOrDefault("candidate", "").split(" ", -1)[5]);
        return response.headers().firstValue("Location").orElseThrow();
    }

    /** Its datagrams go by this port instead of the one that it was told. */
    void goesBy(int port) {
        udp = port;
    }

    // ---- ICE --------------------------------------------------------------------------------------------------

    StunClient client() {
        return new StunClient(FRAGMENT, answer.getOrDefault("ice-ufrag", ""), answer.getOrDefault("ice-pwd", ""));
    }

    /** Sends a datagram as it is. */
    void datagram(byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), udp));
    }

    private void datagram(ByteBuf bytes) throws IOException {
        datagram(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    /** Whether a check was answered. */
    boolean othersAnswered(byte[] transaction) {
        return answers.stream()
                .anyMatch(each -> Arrays.equals(
                        StunMessage.parse(Unpooled.wrappedBuffer(each)).transaction(), transaction));
    }

    /** Checks until it is answered. */
    void checks(boolean nominate) throws Exception {
        byte[] transaction = StunClient.transaction(random);
        StunClient client = client();
        Wait.until("a check is answered", () -> {
            datagram(client.check(transaction, nominate));
            return answers.stream()
                    .anyMatch(each -> client.isMine(StunMessage.parse(Unpooled.wrappedBuffer(each)), transaction));
        });
    }

    // ---- DTLS -------------------------------------------------------------------------------------------------

    /** Shakes hands as the client. */
    void shakesHands() {
        String[] theirs = answer.getOrDefault("fingerprint", "").split(" ", -1);
        dtls = new DtlsAssociation(
                identity,
                DtlsAssociation.Side.CLIENT,
                List.of(Fingerprint.parse(theirs[0] + " " + theirs[1]).orElseThrow()),
                threads,
                new DtlsAssociation.Listener() {
                    @Override
                    public void send(byte[] datagram) {
                        try {
                            datagram(datagram);
                        } catch (IOException e) {
                            said.add("not sent");
                        }
                    }

                    @Override
                    public void established(DtlsKeys keys) {
                        receiver = new SrtpReceiver(keys.theirs());
                        sender = new SrtpSender(keys.ours());
                    }

                    @Override
                    public void ended(String why) {
                        said.add(why);
                    }
                });
        dtls.start();
    }

    boolean established() {
        return sender != null;
    }

    /** All of it. */
    void connects() throws Exception {
        checks(true);
        shakesHands();
        Wait.until("the handshake is complete: " + said, this::established);
    }

    /** As a tab that is closed. */
    void saysGoodbye() {
        dtls.close();
    }

    // ---- media ------------------------------------------------------------------------------------------------

    /** A picture in so many packets; a key frame brings its parameter sets. */
    synchronized void picture(boolean key, long millis, int packets) throws IOException {
        if (key) {
            rtp(false, millis, ByteBufUtil.decodeHexDump(SampleMedia.SPS), false);
            rtp(false, millis, ByteBufUtil.decodeHexDump(SampleMedia.PPS), false);
        }
        byte header = (byte) (key ? 0x65 : 0x41);
        if (packets == 1) {
            byte[] slice = new byte[40];
            slice[0] = header;
            slice[1] = (byte) 0x88; // the first of its picture
            rtp(true, millis, slice, false);
            return;
        }
        for (int i = 0; i < packets; i++) {
            byte[] part = new byte[900];
            part[0] = (byte) ((header & 0xE0) | 28); // FU-A
            part[1] = (byte) ((i == 0 ? 0x80 : 0) | (i == packets - 1 ? 0x40 : 0) | (header & 0x1F));
            part[2] = (byte) 0x88;
            rtp(i == packets - 1, millis, part, false);
        }
    }

    /** The next packet is made, and never sent unless it is asked for. */
    synchronized void losesPictureOfOnePacket(long millis) throws IOException {
        byte[] slice = new byte[40];
        slice[0] = 0x41;
        slice[1] = (byte) 0x88;
        rtp(true, millis, slice, true);
    }

    private void rtp(boolean marker, long millis, byte[] payload, boolean lost) throws IOException {
        int number = videoNumber++ & 0xFFFF;
        ByteBuf plain = Unpooled.buffer();
        RtpPacket.writeHeader(marker, 108, number, millis * 90, VIDEO_SSRC, plain);
        plain.setByte(0, plain.getByte(0) | 0x10);
        plain.writeShort(0xBEDE).writeShort(1).writeByte(TRANSPORT_ID << 4 | 1).writeShort(transportNumber++ & 0xFFFF);
        plain.writeByte(0).writeBytes(payload);
        protectAndSend(plain, number, lost);
    }

    synchronized void sound(long millis) throws IOException {
        ByteBuf plain = Unpooled.buffer();
        RtpPacket.writeHeader(false, 111, soundNumber++ & 0xFFFF, millis * 48, SOUND_SSRC, plain);
        plain.writeByte(0x78).writeZero(60); // 20 ms of CELT
        protectAndSend(plain, -1, false);
    }

    private void protectAndSend(ByteBuf plain, int number, boolean lost) throws IOException {
        ByteBuf out = Unpooled.buffer();
        sender.protect(plain, out);
        byte[] bytes = ByteBufUtil.getBytes(out);
        if (number >= 0) {
            sent.put(number, bytes);
        }
        if (!lost) {
            datagram(bytes);
        }
    }

    private void listen(DatagramSocket on) {
        byte[] room = new byte[2_048];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(room, room.length);
                on.receive(packet);
                ByteBuf datagram = Unpooled.copiedBuffer(room, 0, packet.getLength());
                int first = datagram.getUnsignedByte(0);
                if (first <= 3) {
                    answers.add(ByteBufUtil.getBytes(datagram));
                } else if (first < 64 && dtls != null) {
                    dtls.take(datagram);
                } else if (receiver != null && receiver.unprotectControl(datagram)) {
                    control(RtcpCompound.parse(datagram));
                }
            }
        } catch (SocketException closed) {
            // over
        } catch (IOException | RuntimeException e) {
            said.add("listening failed: " + e);
        }
    }

    private void control(List<RtcpPacket> packets) throws IOException {
        heard.addAll(packets);
        for (RtcpPacket each : packets) {
            if (each instanceof RtcpPacket.Nack nack && obliging) {
                for (int number : nack.sequenceNumbers()) {
                    byte[] again = sent.get(number);
                    if (again != null) {
                        datagram(again);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        sockets.forEach(DatagramSocket::close);
        threads.shutdownNow();
        http.close();
    }
}
