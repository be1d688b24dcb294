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
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.protocol.dtls.DtlsAssociation;
import live.millrace.media.protocol.dtls.DtlsIdentity;
import live.millrace.media.protocol.dtls.DtlsKeys;
import live.millrace.media.protocol.dtls.Fingerprint;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.srtp.SrtpReceiver;
import live.millrace.media.protocol.srtp.SrtpSender;
import live.millrace.media.protocol.stun.StunClient;
import live.millrace.media.protocol.stun.StunMessage;
import live.millrace.media.testing.Wait;

/** A peer of WebRTC as a browser is one: offers, checks, and shakes hands. */
public abstract class WebrtcPeer implements AutoCloseable {
    static final String FRAGMENT = "peer";
    static final String PASSWORD = "a-password-of-the-peer-itself";
    private static final Pattern LINE = Pattern.compile("a=(ice-ufrag|ice-pwd|fingerprint|candidate):(.*)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final DtlsIdentity identity = DtlsIdentity.generate(Instant.now());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Random random = new Random(7);
    private final String base;

    /** Where datagrams of a handshake go. */
    public interface Way {
        void send(byte[] datagram) throws IOException;
    }

    /** How they get there: a test may lose some. */
    public volatile Way way = this::datagram;

    String fingerprint = identity.fingerprint().text();
    private final List<DatagramSocket> sockets = new ArrayList<>();
    private volatile DatagramSocket socket;
    private Map<String, String> answer = Map.of();
    private String answered = "";
    private int udp;
    private DtlsAssociation dtls;
    private volatile SrtpSender sender;
    private volatile DtlsKeys agreed;
    private volatile SrtpReceiver receiver;

    public final List<RtcpPacket> heard = new CopyOnWriteArrayList<>();
    public final List<String> said = new CopyOnWriteArrayList<>();
    private final Queue<ByteBuf> early = new ConcurrentLinkedQueue<>();
    private final List<byte[]> answers = new CopyOnWriteArrayList<>();

    WebrtcPeer(int httpPort) throws IOException {
        base = "http://127.0.0.1:" + httpPort;
        move();
    }

    /** Sends from another address from now on. */
    public void move() throws IOException {
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

    public HttpResponse<String> post(String path, Optional<String> key, String type, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public int send(String method, String address) throws Exception {
        URI uri = URI.create(address.startsWith("http") ? address : base + address);
        return http.send(
                        HttpRequest.newBuilder(uri)
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Offers, and keeps the answer; its session's address. */
    public String offers(String path, Optional<String> key, String offer) throws Exception {
        HttpResponse<String> response = post(path, key, "application/sdp", offer);
        if (response.statusCode() != 201) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        Map<String, String> read = new ConcurrentHashMap<>();
        Matcher lines = LINE.matcher(response.body());
        while (lines.find()) {
            read.putIfAbsent(lines.group(1), lines.group(2).strip());
        }
        answer = read;
        answered = response.body();
        udp = Integer.parseInt(read.getOrDefault("candidate", "").split(" ", -1)[5]);
        return response.headers().firstValue("Location").orElseThrow();
    }

    /** The answer that it was given. */
    String answered() {
        return answered;
    }

    /** Its datagrams go by this port instead of the one that it was told. */
    void goesBy(int port) {
        udp = port;
    }

    // ---- ICE --------------------------------------------------------------------------------------------------

    public StunClient client() {
        return new StunClient(FRAGMENT, answer.getOrDefault("ice-ufrag", ""), answer.getOrDefault("ice-pwd", ""));
    }

    /** Sends a datagram as it is. */
    public void datagram(byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), udp));
    }

    private void datagram(ByteBuf bytes) throws IOException {
        datagram(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    /** The longest answer to a check; 0 while there is none. */
    public int longestAnswer() {
        return answers.stream().mapToInt(each -> each.length).max().orElse(0);
    }

    /** Sends RTCP, whatever it holds. */
    public void control(ByteBuf plain) throws IOException {
        ByteBuf out = Unpooled.buffer();
        if (!sender().protectControl(plain, out)) {
            throw new IllegalArgumentException("that is no RTCP");
        }
        datagram(out);
    }

    /** Whether a check was answered. */
    public boolean othersAnswered(byte[] transaction) {
        return answers.stream()
                .anyMatch(each -> Arrays.equals(
                        StunMessage.parse(Unpooled.wrappedBuffer(each)).transaction(), transaction));
    }

    /** Checks until it is answered. */
    public void checks(boolean nominate) throws Exception {
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
    public void shakesHands() {
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
                            way.send(datagram);
                        } catch (IOException e) {
                            said.add("not sent");
                        }
                    }

                    @Override
                    public void established(DtlsKeys keys) {
                        openEarly(new SrtpReceiver(keys.theirs()));
                        agreed = keys;
                        sender = new SrtpSender(keys.ours());
                    }

                    @Override
                    public void ended(String why) {
                        said.add(why);
                    }
                });
        dtls.start();
    }

    public boolean established() {
        return sender != null;
    }

    /** All of it. */
    public void connects() throws Exception {
        checks(true);
        shakesHands();
        Wait.until("the handshake is complete: " + said, this::established);
    }

    /** As a tab that is closed. */
    public void saysGoodbye() {
        dtls.close();
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
                } else {
                    take(datagram);
                }
            }
        } catch (SocketException closed) {
            // over
        } catch (IOException | RuntimeException e) {
            said.add("listening failed: " + e);
        }
    }

    /** Some protected RTP came; opened if it is authentic and new. */
    abstract void media(ByteBuf packet);

    /** RTCP came. */
    abstract void control(List<RtcpPacket> packets) throws IOException;

    private synchronized void take(ByteBuf datagram) throws IOException {
        SrtpReceiver opens = receiver;
        if (opens == null) {
            early.add(datagram); // the handshake is complete there, and not here yet
        } else if (!RtcpCompound.isRtcp(datagram)) {
            media(datagram);
        } else if (opens.unprotectControl(datagram)) {
            List<RtcpPacket> packets = RtcpCompound.parse(datagram);
            heard.addAll(packets);
            control(packets);
        }
    }

    /** What came before its keys. */
    private synchronized void openEarly(SrtpReceiver keys) {
        receiver = keys;
        try {
            for (ByteBuf each = early.poll(); each != null; each = early.poll()) {
                take(each);
            }
        } catch (IOException e) {
            said.add("listening failed: " + e);
        }
    }

    SrtpReceiver receiver() {
        return receiver;
    }

    public SrtpSender sender() {
        return sender;
    }

    /** One that remembers nothing of what was sent. */
    SrtpSender anotherSender() {
        return new SrtpSender(agreed.ours());
    }

    /** Sends what was protected. */
    public void send(ByteBuf bytes) throws IOException {
        datagram(bytes);
    }

    @Override
    public void close() {
        sockets.forEach(DatagramSocket::close);
        threads.shutdownNow();
        http.close();
    }
}
