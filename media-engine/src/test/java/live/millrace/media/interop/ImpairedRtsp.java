// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import live.millrace.media.testing.ImpairedLink;
import live.millrace.media.testing.Impairment;

/**
 * RTSP with its media over UDP through a bad network: a relay of the conversation, which tells both sides that the other's packets go through
 * two {@linkplain ImpairedLink links}. The conversation itself suffers nothing.
 */
final class ImpairedRtsp implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int ATTEMPTS = 50;
    private static final Pattern CLIENT_PORTS = Pattern.compile("client_port=(\\d+)-(\\d+)");
    private static final Pattern SERVER_PORTS = Pattern.compile("server_port=\\d+-\\d+");

    private interface Rewriting {
        String rewritten(String transport) throws IOException;
    }

    private final ServerSocket listening = new ServerSocket(0, 50, HERE);
    private final List<AutoCloseable> all = new ArrayList<>(List.of(listening));
    private final ConcurrentHashMap<String, String> asSaid = new ConcurrentHashMap<>();
    private final ImpairedLink media;
    private final ImpairedLink reports;

    /**
     * Opens it.
     *
     * @param server its port, and that of its media, and one below that of its reports
     * @param there what happens to media on the way to it
     */
    ImpairedRtsp(int server, Impairment there) throws IOException {
        ImpairedLink first = null;
        ImpairedLink second = null;
        for (int i = 0; second == null && i < ATTEMPTS; i++) {
            first = ImpairedLink.udp(server, there, Impairment.none());
            try {
                second = ImpairedLink.udp(first.port() + 1, server + 1, Impairment.none(), Impairment.none());
            } catch (BindException taken) {
                first.close();
            }
        }
        if (first == null || second == null) {
            throw new BindException("no pair of ports");
        }
        media = first;
        reports = second;
        all.addAll(List.of(first, second));
        beside(() -> {
            while (true) {
                Socket near = listening.accept();
                Socket far = new Socket(HERE, server);
                synchronized (all) {
                    all.addAll(List.of(near, far));
                }
                beside(() -> relay(near, far, this::towardsServer));
                beside(() -> relay(far, near, this::towardsClient));
            }
        });
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Packets of media that were lost. */
    long lost() {
        return media.lost();
    }

    private String towardsServer(String transport) throws IOException {
        var said = CLIENT_PORTS.matcher(transport);
        if (!said.find()) {
            return transport;
        }
        String instead = "client_port=" + media.outgoing(Integer.parseInt(said.group(1))) + "-"
                + reports.outgoing(Integer.parseInt(said.group(2)));
        asSaid.put(instead, said.group());
        return said.replaceFirst(instead);
    }

    private String towardsClient(String transport) {
        String ours =
                SERVER_PORTS.matcher(transport).replaceFirst("server_port=" + media.port() + "-" + reports.port());
        var said = CLIENT_PORTS.matcher(ours);
        return said.find() ? said.replaceFirst(asSaid.getOrDefault(said.group(), said.group())) : ours;
    }

    /** Line by line: what is no line of a transport passes as it is. */
    private static void relay(Socket from, Socket to, Rewriting rewriting) throws IOException {
        try (from;
                to) {
            InputStream in = new BufferedInputStream(from.getInputStream());
            OutputStream out = to.getOutputStream();
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                line.write(next);
                if (next == '\n' || in.available() == 0) {
                    String text = line.toString(StandardCharsets.ISO_8859_1);
                    boolean transport = next == '\n' && text.regionMatches(true, 0, "Transport:", 0, 10);
                    if (next != '\n' && text.length() < 2_000 && text.regionMatches(true, 0, "T", 0, 1)) {
                        continue; // its rest is on the way
                    }
                    out.write((transport ? rewriting.rewritten(text) : text).getBytes(StandardCharsets.ISO_8859_1));
                    line.reset();
                }
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void beside(Work work) {
        Thread.ofPlatform().name("impaired-rtsp").daemon().start(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // one side is gone
            }
        });
    }

    @Override
    public void close() {
        synchronized (all) {
            for (AutoCloseable each : all) {
                try {
                    each.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
