// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Asks the group of WS-Discovery in each private network that this machine has an address in. Answers come to the socket that asked. */
@Component
class MulticastDiscovery implements Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(MulticastDiscovery.class);

    /** WS-Discovery 2005/04, 2.4. */
    private static final InetSocketAddress GROUP =
            new InetSocketAddress(InetAddress.ofLiteral("239.255.255.250"), 3_702);

    private static final Duration LISTEN = Duration.ofSeconds(2);

    /** Datagrams are lost: it is asked once more. */
    private static final Duration AGAIN = Duration.ofMillis(500);

    private static final int MOST_NETWORKS = 16;

    /** As long as a datagram can be. */
    private static final int MOST_ANSWER = 64 << 10;

    /** Answers that are looked at: enough for 64 devices that say it five times. */
    private static final int MOST_ANSWERS = 1_000;

    /** Finds the addresses to ask from. */
    @FunctionalInterface
    interface Networks {
        List<InetAddress> addresses() throws SocketException;
    }

    private final InetSocketAddress group;
    private final Networks networks;
    private final Duration listen;

    @Autowired
    MulticastDiscovery() {
        this(GROUP, MulticastDiscovery::privateAddresses, LISTEN);
    }

    MulticastDiscovery(InetSocketAddress group, Networks networks, Duration listen) {
        this.group = group;
        this.networks = networks;
        this.listen = listen;
    }

    private static List<InetAddress> privateAddresses() throws SocketException {
        List<InetAddress> addresses = new ArrayList<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            if (each.isUp() && !each.isLoopback() && each.supportsMulticast()) {
                each.inetAddresses()
                        .filter(address -> address instanceof Inet4Address && address.isSiteLocalAddress())
                        .forEach(addresses::add);
            }
        }
        return addresses;
    }

    @Override
    public void ask(byte[] question, Taker taker) throws InterruptedException {
        List<DatagramChannel> channels = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            try {
                for (InetAddress address :
                        networks.addresses().stream().limit(MOST_NETWORKS).toList()) {
                    open(address, selector, channels);
                }
                if (!channels.isEmpty()) {
                    listen(question, selector, channels, taker);
                }
            } finally {
                for (DatagramChannel channel : channels) {
                    channel.close();
                }
            }
        } catch (IOException failed) {
            LOG.warn("The network could not be searched for cameras", failed);
        }
    }

    /** A network that cannot be asked is none of the others' business. */
    private static void open(InetAddress address, Selector selector, List<DatagramChannel> channels)
            throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channels.add(channel);
        try {
            channel.bind(new InetSocketAddress(address, 0));
            NetworkInterface through = NetworkInterface.getByInetAddress(address);
            if (through != null) {
                channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, through);
            }
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException unusable) {
            LOG.debug("No cameras are searched from {}", address, unusable);
            channel.close();
            channels.remove(channel);
        }
    }

    private void listen(byte[] question, Selector selector, List<DatagramChannel> channels, Taker taker)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = start + listen.toNanos();
        long again = start + AGAIN.toNanos();
        boolean repeated = false;
        ByteBuffer answer = ByteBuffer.allocate(MOST_ANSWER);
        int left = MOST_ANSWERS;
        send(question, channels);
        for (long now = start; now - end < 0; now = System.nanoTime()) {
            if (!repeated && now - again >= 0) {
                repeated = true;
                send(question, channels);
            }
            long next = repeated ? end : Math.min(again, end);
            selector.select(Math.max(1, Duration.ofNanos(next - now).toMillis()));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            selector.selectedKeys().clear();
            for (DatagramChannel channel : channels) {
                // One at a time from each: a network that shouts does not silence the others.
                answer.clear();
                if (channel.receive(answer) instanceof InetSocketAddress sender) {
                    answer.flip();
                    byte[] content = new byte[answer.remaining()];
                    answer.get(content);
                    left--;
                    if (!taker.take(sender.getAddress(), content) || left == 0) {
                        return;
                    }
                }
            }
        }
    }

    private void send(byte[] question, List<DatagramChannel> channels) {
        for (DatagramChannel channel : channels) {
            try {
                channel.send(ByteBuffer.wrap(question), group);
            } catch (IOException unreachable) {
                LOG.debug("A network took no question about cameras", unreachable);
            }
        }
    }
}
